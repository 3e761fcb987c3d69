import { useEffect, useState } from 'react';

/** A custom property of the theme as a colour that a canvas takes; follows the theme. */
export function useColour(property: string): string {
  const [colour, setColour] = useState(() => read(property));
  useEffect(() => {
    const follow = (): void => setColour(read(property));
    follow();
    const media = window.matchMedia('(prefers-color-scheme: dark)');
    const observer = new MutationObserver(follow);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    media.addEventListener('change', follow);
    return () => {
      observer.disconnect();
      media.removeEventListener('change', follow);
    };
  }, [property]);
  return colour;
}

/** The browser resolves `light-dark()` when the colour is used. */
function read(property: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
