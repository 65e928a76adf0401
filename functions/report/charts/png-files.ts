/** Files that drawing a PNG reads at runtime, as module names. A deployed bundle has them in its own `node_modules`. */
export const pngFiles = {
  renderer: '@resvg/resvg-wasm/index_bg.wasm',
  regular: '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  semiBold: '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
} as const;
