/** A destination of messages. Secrets are read from the environment or files together with the configuration. */
export type Channel =
  | {
      readonly kind: 'mail';
      readonly name: string;
      /** `smtp://` (STARTTLS if the server supports it) or `smtps://`, with user and password. */
      readonly server: string;
      readonly from: string;
      readonly to: readonly string[];
    }
  /** A URL that accepts the format of Slack's incoming webhooks. */
  | { readonly kind: 'slack'; readonly name: string; readonly url: string }
  | {
      readonly kind: 'webhook';
      readonly name: string;
      readonly url: string;
      /** The key that signs the body; null: not signed. */
      readonly secret: string | null;
    }
  | {
      readonly kind: 'pagerduty';
      readonly name: string;
      readonly routingKey: string;
      /** The integration key for the Events API, version 2. */
      readonly url: string;
    };

export const PAGERDUTY_EVENTS = 'https://events.pagerduty.com/v2/enqueue';
