import themes from './hero.jpg?shine=brand.json&theme=light;dark&format=png';
import rose from './hero.jpg?shine=oklch(65% 0.2 350);55;80&w=240&format=webp';

const [light, dark] = themes;
for (const [alt, src] of Object.entries({ light, dark, rose })) {
  const image = document.createElement('img');
  document.body.append(Object.assign(image, { alt, src }));
}
