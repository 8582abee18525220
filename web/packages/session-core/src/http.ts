/** The server over HTTP: cookies, CSRF and errors in one place. */

/** The server's answer to a request that it refused; `status` 0 means that it could not be reached. */
export class RequestFailed extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly values: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "RequestFailed";
  }

  /** Whether the same request may succeed later without a change of ours. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

export interface Http {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
}

export interface Me {
  user: {
    id: string;
    display_name: string;
    display_name_en: string;
    roles: string[];
    institution_id: string;
  };
  institution: { id: string; name: string; name_en: string; kind: "inviting" | "invited" };
  permissions: string[];
  csrf_token: string;
}

async function failure(response: Response): Promise<RequestFailed> {
  const body: unknown = await response.json().catch(() => null);
  const error = (body as { error?: Record<string, unknown> } | null)?.error;
  return new RequestFailed(
    response.status,
    String(error?.code ?? `http_${response.status}`),
    String(error?.message ?? response.statusText),
    (error?.values as Record<string, unknown> | undefined) ?? {},
  );
}

/** Requests with the page's session cookie; the CSRF token is read once from `/api/auth/me`. */
export class BrowserHttp implements Http {
  private csrf: string | null = null;

  constructor(private readonly base = "/api") {}

  async get<T>(path: string): Promise<T> {
    return this.request<T>("GET", path);
  }

  async post<T>(path: string, body: unknown = {}): Promise<T> {
    try {
      return await this.request<T>("POST", path, body);
    } catch (error) {
      // The token changes with the login; one fresh try covers a page that outlived it.
      if (!(error instanceof RequestFailed) || !error.code.startsWith("csrf")) throw error;
      this.csrf = null;
      return this.request<T>("POST", path, body);
    }
  }

  private async request<T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (method === "POST") {
      headers["Content-Type"] = "application/json";
      headers["X-CSRF-Token"] = await this.token();
    }
    let response: Response;
    try {
      response = await fetch(this.base + path, {
        method,
        headers,
        credentials: "same-origin",
        ...(method === "POST" ? { body: JSON.stringify(body) } : {}),
      });
    } catch (error) {
      throw new RequestFailed(0, "unreachable", String(error));
    }
    if (!response.ok) throw await failure(response);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  private async token(): Promise<string> {
    if (this.csrf === null) this.csrf = (await this.get<Me>("/auth/me")).csrf_token;
    return this.csrf;
  }
}
