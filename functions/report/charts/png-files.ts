/** What drawing a PNG reads when it runs, as modules are named: beside a deployed function as in `node_modules`. */
export const pngFiles = {
  renderer: '@resvg/resvg-wasm/index_bg.wasm',
  regular: '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  semiBold: '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
} as const;
