/// <reference types="astro/client" />
/// <reference types="colorshine/astro" />
