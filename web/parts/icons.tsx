import type { ReactNode } from 'react';

function icon(children: ReactNode, size = 16): ReactNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const plusIcon = icon(<path d="M8 4v8M4 8h8" />);
export const crossIcon = icon(<path d="M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6" />, 14);
export const chevronIcon = icon(<path d="M6 4.5L9.5 8 6 11.5" />, 12);
export const splitIcon = icon(<path d="M3 8h3.5M6.5 8C8.5 8 8.5 4 11 4h2M6.5 8c2 0 2 4 4.5 4h2" />, 14);
export const filterIcon = icon(<path d="M2.5 4h11M4.8 8h6.4M6.8 12h2.4" />, 14);
export const searchIcon = icon(
  <>
    <circle cx="7" cy="7" r="3.6" />
    <path d="M9.8 9.8L13 13" />
  </>,
  14,
);
export const eyeIcon = icon(
  <>
    <path d="M1.8 8S4.2 4 8 4s6.2 4 6.2 4-2.4 4-6.2 4-6.2-4-6.2-4z" />
    <circle cx="8" cy="8" r="1.8" />
  </>,
  14,
);
export const eyeOffIcon = icon(
  <path d="M5.2 4.7A6 6 0 0 1 8 4c3.8 0 6.2 4 6.2 4a11 11 0 0 1-1.9 2.2M10 11.7a6 6 0 0 1-2 .3c-3.8 0-6.2-4-6.2-4a11 11 0 0 1 1.8-2.1M2.8 2.8l10.4 10.4" />,
  14,
);
export const pinIcon = icon(<path d="M6 3h4l-.5 4L12 9.5H4L6.5 7 6 3zM8 9.5V13.5" />, 14);
export const pencilIcon = icon(<path d="M4 12l.6-2.6L10.8 3.2l2 2-6.2 6.2L4 12z" />, 14);
export const linkIcon = icon(
  <path d="M7 9l2-2M7.6 5.2l1.5-1.5a2.3 2.3 0 0 1 3.2 3.2l-1.5 1.5M8.4 10.8l-1.5 1.5a2.3 2.3 0 0 1-3.2-3.2l1.5-1.5" />,
  14,
);
export const outsideIcon = icon(<path d="M6.5 4H4v8h8V9.5M9 3.5h3.5V7M12.5 3.5L7.5 8.5" />, 12);
export const pageIcon = icon(<path d="M4 2.5h5.5L12 5v8.5H4zM6 7h4M6 9.5h4" />, 12);
export const leftPanelIcon = icon(<path d="M3 3.5h10v9H3zM6.5 3.5v9" />);
export const rightPanelIcon = icon(<path d="M3 3.5h10v9H3zM9.5 3.5v9" />);
export const sunIcon = icon(
  <>
    <circle cx="8" cy="8" r="2.8" />
    <path d="M8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M12.4 3.6l-1 1M4.6 11.4l-1 1" />
  </>,
);
export const moonIcon = icon(<path d="M13 9.6A5.6 5.6 0 0 1 6.4 3 5.6 5.6 0 1 0 13 9.6z" />);

export function Logo(): ReactNode {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" className="logo-mark">
      <circle cx="10" cy="10" r="9" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <circle cx="10" cy="10" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <circle cx="10" cy="10" r="1.7" />
    </svg>
  );
}
