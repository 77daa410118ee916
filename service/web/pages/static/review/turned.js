// How a page lies in its file: seen from where the columns of its tables follow each other.

/**
 * @param {any} record @param {number} page
 * @returns {0|90|180|270} degrees clockwise by which the page as stored is to be turned to be read
 */
export function turnOf(record, page) {
  let [across, down] = [0, 0];
  for (const rows of Object.values(record.tables)) {
    for (const row of rows) {
      if (row.content) continue;
      const boxes = Object.values(row).filter((field) => field.page === page && field.box[2] > field.box[0]).map((field) => field.box);
      boxes.slice(1).forEach((box, index) => {
        across += box[0] + box[2] - boxes[index][0] - boxes[index][2];
        down += box[1] + box[3] - boxes[index][1] - boxes[index][3];
      });
    }
  }
  if (Math.abs(across) >= Math.abs(down)) return across < 0 ? 180 : 0;
  return down > 0 ? 270 : 90;
}
