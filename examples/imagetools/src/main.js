import themes from './hero.jpg?shine=brand.json&theme=light;dark&format=png';
import dusk from './hero.jpg?shine=oklch(42% 0.1 265);80;75&w=240&format=webp';

const [light, dark] = themes;
for (const [alt, src] of Object.entries({ light, dark, dusk })) {
  const image = document.createElement('img');
  document.body.append(Object.assign(image, { alt, src }));
}
