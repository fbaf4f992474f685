/** Fewest characters of a password. */
export const MIN_PASSWORD = 15;

/** Short words for pass phrases that are read from a terminal and typed into a browser. */
const WORDS =
  'amber anchor apple arrow aspen bamboo basil beacon birch bridge cactus candle canyon cedar cherry cliff clover cobalt copper coral cotton crystal daisy delta desert ember falcon feather fern fjord forest fossil garden garnet ginger glacier granite harbor hazel heron honey indigo island ivory jasmine juniper kelp lagoon lantern laurel lemon linen lotus lunar magnet maple marble meadow mango mint mosaic nectar nickel ocean olive onyx opal orchid otter pebble pepper pine planet plum prairie quartz raven reef river robin rocket saffron sage sailor salmon shadow silver spruce summit sunset tango thunder tiger timber topaz tulip tundra velvet violet walnut willow winter zephyr'.split(
    ' ',
  );

/** A pass phrase such as `maple-otter-quartz-willow-fern-41`, about 41 bits for five words and a number of two digits. */
export function passPhrase(random: (below: number) => number): string {
  const words = Array.from({ length: 5 }, () => WORDS[random(WORDS.length)] ?? 'maple');
  return [...words, String(10 + random(90))].join('-');
}
