import Image from 'next/image';
import dark from './hero.jpg?shine=brand.json&theme=dark';
import light from './hero.jpg?shine=brand.json&theme=light';
import rose from './hero.jpg?shine=oklch(65% 0.2 350);55;80&width=240&format=webp';

export default function Page() {
  return (
    <main>
      <Image src={light} alt="light" loading="eager" />
      <Image src={dark} alt="dark" loading="eager" />
      <Image src={rose} alt="rose" loading="eager" />
    </main>
  );
}
