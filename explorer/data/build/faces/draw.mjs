// Draws faces with DiceBear's "Pixel Art" on its own grid of 16×16 cells.
//
//   node draw.mjs CHOICES.json FOLDER
//
// CHOICES.json: {"faces": [{hair: "short01", hairColor: "603a14", …}, …]}; a part that is null is not drawn.
// FOLDER/faces.bin: N × 16 × 16 × 3 bytes, RGB on white.
// FOLDER/layers.bin, layers.json: every part alone in every colour, n × 16 × 16 × 4 bytes, RGBA on nothing, in the order
// of the list [{part, style, colour}, …]. Which part hides which is worked out from them.

import { readFileSync, writeFileSync } from 'node:fs';
import { createAvatar } from '@dicebear/core';
import * as pixelArt from '@dicebear/pixel-art';
import { Resvg } from '@resvg/resvg-js';

const SIZE = 16;
const PARTS = ['accessories', 'clothing', 'eyes', 'glasses', 'beard', 'mouth', 'hair', 'hat'];
const CHANCE = ['accessories', 'glasses', 'beard', 'hat']; // the others are drawn whenever there is a style
const COLOUR_OF = { clothing: 'clothing', eyes: 'eyes', glasses: 'glasses', beard: 'hair', mouth: 'mouth', hair: 'hair', hat: 'hat' };

const [choicesPath, folder] = process.argv.slice(2);
const defaults = pixelArt.schema.properties;

function options(face) {
  const chosen = {};
  for (const part of PARTS) {
    chosen[part] = face[part] ? [face[part]] : [];
    if (CHANCE.includes(part)) chosen[`${part}Probability`] = face[part] ? 100 : 0;
  }
  for (const [name, colour] of Object.entries(face)) if (name.endsWith('Color')) chosen[name] = colour ? [colour] : [];
  return chosen;
}

function checked(avatar, face) {
  const drawn = avatar.toJson().extra;
  for (const part of PARTS) {
    if ((drawn[part] ?? null) !== (face[part] ?? null)) throw new Error(`${part}: asked for ${face[part]}, drawn ${drawn[part]}`);
  }
  return avatar;
}

function pixels(svg, background) {
  const picture = new Resvg(svg, { ...(background ? { background } : {}), font: { loadSystemFonts: false } }).render();
  if (picture.width !== SIZE || picture.height !== SIZE) throw new Error(`drawn ${picture.width}×${picture.height}`);
  return picture.pixels; // RGBA, straight
}

function face(choice) {
  const avatar = checked(createAvatar(pixelArt, options(choice)), choice);
  return pixels(avatar.toString(), 'white').filter((_, i) => i % 4 !== 3);
}

async function layers() {
  const components = await import(new URL('./node_modules/@dicebear/pixel-art/lib/components/index.js', import.meta.url));
  const list = defaults.skinColor.default.map((colour) => ({ part: 'skin', style: null, colour }));
  const drawn = list.map(({ colour }) => pixels(createAvatar(pixelArt, options({ skinColor: colour })).toString()));
  for (const [part, colours] of Object.entries(COLOUR_OF)) {
    for (const style of [...defaults[part].default].sort()) {
      for (const colour of defaults[`${colours}Color`].default) {
        const body = components[part][style]({}, { [colours]: `#${colour}` });
        list.push({ part, style, colour });
        drawn.push(pixels(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" shape-rendering="crispEdges">${body}</svg>`));
      }
    }
  }
  return { list, drawn };
}

const { faces } = JSON.parse(readFileSync(choicesPath, 'utf8'));
writeFileSync(`${folder}/faces.bin`, Buffer.concat(faces.map(face)));
const { list, drawn } = await layers();
writeFileSync(`${folder}/layers.bin`, Buffer.concat(drawn));
writeFileSync(`${folder}/layers.json`, JSON.stringify(list));
