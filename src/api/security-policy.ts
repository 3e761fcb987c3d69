/** The path of a view that other pages may show in a frame. */
export const EMBED = '/embed';
/** The same of a tile of a dashboard. */
export const EMBEDDED_TILE = `${EMBED}/dashboards/:id/:tile`;

/** The page talks to its own server and to nobody else. */
export const policy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  fontSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};
