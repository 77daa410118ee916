// Moments in the reader's own time zone; without script they stand in UTC.

const two = (number) => String(number).padStart(2, "0");

export function written(moment) {
  const at = new Date(moment);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function localize() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    if (time.dateTime) time.textContent = time.matches(".clock") ? written(time.dateTime).slice(-5) : written(time.dateTime);
  }
}

localize();
document.addEventListener("htmx:afterSwap", localize);
