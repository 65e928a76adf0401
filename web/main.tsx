import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './styles.css';

/** How often a view that is looked at asks again, in milliseconds. An unchanged answer is a 304 without a body. */
const REFRESH_MS = 15_000;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      refetchInterval: REFRESH_MS,
      staleTime: 5_000,
      retry: (failures: number, error: unknown) => failures < 1 && !isRefusal(error),
      placeholderData: (previous: unknown) => previous,
    },
  },
});

/** Whether the API refused the call, which asking again does not change. */
const isRefusal = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'status' in error && Number(error.status) < 500;

const root = document.getElementById('page');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
