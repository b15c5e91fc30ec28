# A worker for `colorshine build --queue`, see docs/queue.md. It writes images under /work and temporary files under /tmp, nothing else:
#
#   docker build --tag colorshine-worker .
#   docker run --read-only --tmpfs /tmp --volume /srv/site:/work colorshine-worker redis://10.0.0.5:6379

FROM node:22-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
COPY stubs stubs
RUN npm ci --ignore-scripts
COPY LICENSE client.d.ts esbuild.config.mjs manifest.json tsconfig.*.json ./
COPY schema schema
COPY scripts scripts
COPY src src
COPY ui ui
RUN npm run build && npm pack --ignore-scripts --pack-destination /tmp
# sharp in the locked version: builds and workers of different ones do not see each other's jobs.
WORKDIR /app
RUN npm install --omit=dev --ignore-scripts /tmp/colorshine-*.tgz \
    $(node -p "['sharp', 'bullmq', 'ioredis'].map((name) => name + '@' + require('/src/package-lock.json').packages['node_modules/' + name].version).join(' ')")

FROM node:22-bookworm-slim
ENV NODE_ENV=production
COPY --from=build /app /app
# As a number, so that Kubernetes can see that it is not root.
USER 1000:1000
WORKDIR /work
# No shell between: SIGTERM reaches the worker, which then ends the images in work.
ENTRYPOINT ["node", "/app/node_modules/colorshine/dist/cli.cjs", "worker"]
CMD ["redis://redis:6379"]
