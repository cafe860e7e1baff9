// A photo made smaller on the device that took it. What is drawn anew holds points of colour and nothing else:
// where, when and with what it was taken stays behind.

export const MAX_SOURCE_BYTES = 60 * 1024 * 1024; // more than any telephone's photo; decoding more may end the page
const JPEG_QUALITY = 0.82;

/** @param {Blob} file @returns {Promise<ImageBitmap | HTMLImageElement>} */
async function decodeImage(file) {
  try {
    return await createImageBitmap(file);
  } catch {
    // Older browsers decode by an element what they do not decode by name.
  }
  const image = new Image();
  const address = URL.createObjectURL(file);
  try {
    image.src = address;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/**
 * The photo as a JPEG of at most `longest` points, or null where this is no picture that can be shown.
 * @param {Blob} file
 * @param {number} longest
 * @returns {Promise<Blob | null>}
 */
export async function resizeImage(file, longest) {
  /** @type {any} */
  let source = null;
  try {
    source = await decodeImage(file);
    const width = source.naturalWidth ?? source.width;
    const height = source.naturalHeight ?? source.height;
    if (!width || !height) return null;
    const scale = Math.min(1, longest / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    pen.fillStyle = "#fff"; // JPEG has no clear points: they would be black
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/jpeg", JPEG_QUALITY));
  } catch {
    return null;
  } finally {
    source?.close?.();
  }
}
