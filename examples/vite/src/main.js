import './style.css';

import dark from './hero.jpg?shine=brand.json&theme=dark';
import light from './hero.jpg?shine=brand.json&theme=light';
import dusk from './hero.jpg?shine=oklch(42% 0.1 265);80;75&width=240&format=webp';

for (const [alt, src] of Object.entries({ light, dark, dusk })) {
  const image = document.createElement('img');
  document.body.append(Object.assign(image, { alt, src }));
}
