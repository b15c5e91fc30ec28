import dark from './hero.jpg?shine=brand.json&theme=dark';
import light from './hero.jpg?shine=brand.json&theme=light';
import rose from './hero.jpg?shine=oklch(65% 0.2 350);55;80&width=240&format=webp';

for (const [alt, src] of Object.entries({ light, dark, rose })) {
  const image = document.createElement('img');
  document.body.append(Object.assign(image, { alt, src }));
}
