/** Where messages of alerts go. Secrets are read from the environment or files when the configuration is. */
export type Channel =
  | {
      readonly kind: 'mail';
      readonly name: string;
      /** `smtp://` (STARTTLS where the server has it) or `smtps://`, with user and password. */
      readonly server: string;
      readonly from: string;
      readonly to: readonly string[];
    }
  /** A URL that takes what Slack's incoming webhooks take. */
  | { readonly kind: 'slack'; readonly name: string; readonly url: string }
  | {
      readonly kind: 'webhook';
      readonly name: string;
      readonly url: string;
      /** Signs the body; null: it is not signed. */
      readonly secret: string | null;
    }
  | {
      readonly kind: 'pagerduty';
      readonly name: string;
      readonly routingKey: string;
      /** Of the Events API, version 2. */
      readonly url: string;
    };

export const PAGERDUTY_EVENTS = 'https://events.pagerduty.com/v2/enqueue';
