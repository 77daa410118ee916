// Moments in the reader's own time zone; without script they stand in UTC.

const two = (number) => String(number).padStart(2, "0");

export function written(moment) {
  const at = new Date(moment);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

for (const time of document.querySelectorAll("time[datetime]")) {
  if (time.dateTime) time.textContent = written(time.dateTime);
}
