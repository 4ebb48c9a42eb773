// Animations: a still picture with a link, which plays in its place.

/** Play an animation in the place of its still picture, or show that again. */
export function play(event: MouseEvent): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a.play");
  const picture = link?.previousElementSibling;
  if (!link || !(picture instanceof HTMLImageElement)) return;
  event.preventDefault();
  const shown = picture.src;
  picture.src = link.href;
  link.href = shown;
  link.textContent = /^Play/.test(link.textContent ?? "") ? "Stop the animation" : "Play the animation";
}
