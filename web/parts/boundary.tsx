import { Component, type ReactNode } from 'react';
import { Failure } from './panel.tsx';

/** Keeps an error of one view from taking the page with it. A new `view` is tried afresh. */
export class Boundary extends Component<
  { readonly view: string; readonly children: ReactNode },
  { readonly failed: { readonly view: string; readonly error: unknown } | null }
> {
  override state = { failed: null as { view: string; error: unknown } | null };

  override componentDidCatch(error: unknown): void {
    this.setState({ failed: { view: this.props.view, error } });
  }

  override render(): ReactNode {
    const { failed } = this.state;
    return failed?.view === this.props.view ? <Failure error={failed.error} /> : this.props.children;
  }

  static getDerivedStateFromError(): null {
    return null;
  }
}
