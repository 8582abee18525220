/** Which layer of which feed is on the page; only that is taken from the network, and what may be next is made ready. */

export type Layer = "low" | "high";

export interface Shown {
  feed: string;
  layer: Layer;
  element: HTMLVideoElement;
}

/** A layer stays for this long after the last element let go: switching back must not start again. */
const LINGER_MS = 1_200;

export class FeedDemand {
  private readonly entries = new Set<Shown>();
  private readonly lingering = new Map<string, number>();
  private readonly prepared: string[] = [];

  constructor(
    private readonly changed: () => void,
    private readonly release: (element: HTMLVideoElement) => void = () => undefined,
  ) {}

  add(feed: string, layer: Layer, element: HTMLVideoElement): () => void {
    const entry = { feed, layer, element };
    this.entries.add(entry);
    this.changed();
    return () => {
      if (!this.entries.delete(entry)) return;
      this.release(element);
      this.linger(`${feed}.${layer}`);
    };
  }

  /** Have the high layer of a feed negotiated but not sent, so that showing it costs no negotiation; returns how to stop. */
  prepare(feed: string): () => void {
    this.prepared.push(feed);
    this.changed();
    return () => {
      this.prepared.splice(this.prepared.indexOf(feed), 1);
      this.changed();
    };
  }

  isPrepared(feed: string, layer: Layer | null): boolean {
    return layer === "high" && this.prepared.includes(feed);
  }

  shown(): readonly Shown[] {
    return [...this.entries];
  }

  wanted(): readonly { feed: string; layer: Layer }[] {
    const keys = new Set([...this.entries].map(({ feed, layer }) => `${feed}.${layer}`));
    for (const key of this.lingering.keys()) keys.add(key);
    return [...keys].map((key) => {
      const [feed = "", layer] = key.split(".");
      return { feed, layer: layer as Layer };
    });
  }

  wants(feed: string, layer: Layer): boolean {
    return this.wanted().some((wanted) => wanted.feed === feed && wanted.layer === layer);
  }

  private linger(key: string): void {
    const old = this.lingering.get(key);
    if (old !== undefined) window.clearTimeout(old);
    const timer = window.setTimeout(() => {
      this.lingering.delete(key);
      this.changed();
    }, LINGER_MS);
    this.lingering.set(key, timer);
  }
}
