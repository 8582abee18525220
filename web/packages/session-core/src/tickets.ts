/** Entry to media rooms: asked for in one request for a whole wall, anew for each later try. */
import type { Http } from "./http";
import type { JoinAnswer } from "./liveRoom";

export class Tickets {
  private readonly ordered = new Map<string, Promise<JoinAnswer | undefined>>();
  private waiting: string[] = [];
  private answer: Promise<Record<string, JoinAnswer>> | null = null;

  constructor(private readonly http: Http) {}

  /** Ask for a ticket that `take` will give; what is ordered in the same turn travels together. */
  order(caseId: string): void {
    if (this.ordered.has(caseId)) return;
    this.waiting.push(caseId);
    this.answer ??= Promise.resolve().then(() => this.fetch());
    const answer = this.answer;
    const ticket = answer.then((tickets) => tickets[caseId]);
    // Whoever takes it asks again alone and hears why.
    this.ordered.set(
      caseId,
      ticket.catch(() => undefined),
    );
  }

  /** The ticket that was ordered, once; without one it is asked for alone, and a refusal says why. */
  async take(caseId: string): Promise<JoinAnswer> {
    const ordered = this.ordered.get(caseId);
    this.ordered.delete(caseId);
    const ticket = await ordered;
    return ticket ?? (await this.http.post<JoinAnswer>(`/sessions/${caseId}/join`));
  }

  /** What was ordered is not needed: it would have expired when it is. */
  cancel(caseId: string): void {
    this.ordered.delete(caseId);
  }

  private async fetch(): Promise<Record<string, JoinAnswer>> {
    const case_ids = this.waiting;
    this.waiting = [];
    this.answer = null;
    const { tickets } = await this.http.post<{ tickets: Record<string, JoinAnswer> }>("/sessions/join", { case_ids });
    return tickets;
  }
}
