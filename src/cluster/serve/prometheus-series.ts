// Series of samples in Prometheus' text exposition format 0.0.4.

/** Every sample of a series has the same labels in the same order. */
export type Labels = Readonly<Record<string, string>>;

export interface Series {
  text(): string;
}

export interface Sums extends Series {
  add(labels: Labels, amount: number): void;
}

export interface Histogram extends Series {
  observe(labels: Labels, value: number): void;
}

export interface SeriesDescription {
  readonly name: string;
  readonly help: string;
}

export function createSums(description: SeriesDescription, type: "counter" | "gauge"): Sums {
  const samples = createSamples(() => ({ value: 0 }));
  return {
    add(labels, amount) {
      samples.of(labels).value += amount;
    },
    text: () =>
      seriesText(
        description,
        type,
        samples
          .all()
          .map(([labels, { value }]) => `${description.name}${labelText(labels)} ${value}`),
      ),
  };
}

/** `bounds` are the upper ends of its buckets, ascending; one without end follows. */
export function createHistogram(
  description: SeriesDescription,
  bounds: readonly number[],
): Histogram {
  const samples = createSamples(() => ({ counts: bounds.map(() => 0), count: 0, sum: 0 }));
  return {
    observe(labels, value) {
      const sample = samples.of(labels);
      const bucket = bounds.findIndex((bound) => value <= bound);
      if (bucket >= 0) sample.counts[bucket] = (sample.counts[bucket] ?? 0) + 1;
      sample.count += 1;
      sample.sum += value;
    },
    text: () =>
      seriesText(
        description,
        "histogram",
        samples
          .all()
          .map(([labels, sample]) => histogramText(description.name, labels, bounds, sample)),
      ),
  };
}

interface HistogramSample {
  /** Of each bucket alone. */
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
}

function histogramText(
  name: string,
  labels: Labels,
  bounds: readonly number[],
  { counts, count, sum }: HistogramSample,
): string {
  let below = 0;
  const buckets = bounds.map((bound, index) => {
    below += counts[index] ?? 0;
    return `${name}_bucket${labelText({ ...labels, le: String(bound) })} ${below}`;
  });
  return [
    ...buckets,
    `${name}_bucket${labelText({ ...labels, le: "+Inf" })} ${count}`,
    `${name}_sum${labelText(labels)} ${sum}`,
    `${name}_count${labelText(labels)} ${count}`,
  ].join("\n");
}

function seriesText({ name, help }: SeriesDescription, type: string, samples: readonly string[]) {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples.toSorted(), ""].join("\n");
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

interface Samples<T> {
  of(labels: Labels): T;
  all(): readonly (readonly [Labels, T])[];
}

function createSamples<T>(create: () => T): Samples<T> {
  const samples = new Map<string, readonly [Labels, T]>();
  return {
    of(labels) {
      // Label values hold no line breaks.
      const key = Object.values(labels).join("\n");
      const known = samples.get(key);
      if (known !== undefined) return known[1];
      const sample = create();
      samples.set(key, [labels, sample]);
      return sample;
    },
    all: () => [...samples.values()],
  };
}
