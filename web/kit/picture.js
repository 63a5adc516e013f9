// A picture that the reader chose; it stays in this browser.
import { button, element } from "./element.js";

/** The pixels of whatever this browser shows, turned as its camera says, at most `most` wide
 * and high: an array as Python gets it. */
export async function pixelsOf(file, most) {
  const [picture, canvas] = [new Image(), element("canvas")];
  picture.src = URL.createObjectURL(file);
  try {
    await picture.decode();
    const sides = [picture.naturalWidth, picture.naturalHeight].map((side) => side || 300); // an SVG may have none
    const scale = Math.min(1, most / Math.max(...sides));
    [canvas.width, canvas.height] = sides.map((side) => Math.max(1, Math.round(side * scale)));
    const pen = canvas.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    return { shape: [canvas.height, canvas.width, 4], data: Float64Array.from(data) };
  } finally {
    URL.revokeObjectURL(picture.src);
  }
}

/** A button to choose a picture with; `take` gets its pixels, and the file. */
export function opener({ label, most, say, take }) {
  const file = element("input", { type: "file", accept: "image/*", hidden: true });
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    const unread = () => say(`${chosen.name} is not a picture that this browser can read.`);
    const pixels = chosen && (await pixelsOf(chosen, most).catch(unread));
    if (pixels) await take(pixels, chosen);
    file.value = "";
  });
  return element("span", {}, button(label, () => file.click(), { title: "It stays in this browser." }), file);
}
