import { type ReactNode, useEffect, useRef, useState } from 'react';

/** Draws a chart as wide as its place. Colors come from the style sheet, so that it follows light and dark.
 *  @param draw draws for a width in CSS pixels; the same function as long as the data are the same
 *  @param label what the chart shows, for people who do not see it */
export function Chart({
  draw,
  label,
  children,
}: {
  readonly draw: (width: number) => Element;
  readonly label: string;
  readonly children?: ReactNode;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (width === 0) return;
    const chart = draw(width);
    chart.setAttribute('role', 'img');
    chart.setAttribute('aria-label', label);
    for (const part of chart.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
    place.current?.replaceChildren(chart);
  }, [draw, label, width]);
  return (
    <figure className="chart">
      <div ref={place} />
      {children && <figcaption>{children}</figcaption>}
    </figure>
  );
}
