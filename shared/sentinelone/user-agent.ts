/** How the product introduces itself to a console; the version is that of package.json (a test compares them). */
export const userAgent = 'sentinel-lake/0.1.0';
