import { duration, optionalText, port, text, toggle } from './kinds.ts';

/** How the API server reaches the program to convert between versions. */
export const webhookSettings = {
  webhookService: optionalText(
    {
      description:
        'Service by which the API server reaches this program for conversions. With it HTTPS is served, ' +
        'the leader makes the certificates and enters them in the CustomResourceDefinition.',
      otherwise: 'no HTTPS, and the CustomResourceDefinition is left alone',
    },
    'NAME',
  ),
  webhookAddress: text(
    {
      description: 'Address that HTTPS listens on: /convertcrd, /metrics, /health and the others.',
      defaultText: '0.0.0.0',
    },
    'ADDRESS',
  ),
  webhookPort: port({
    description: 'Port that HTTPS listens on; 0 is any free one.',
    defaultText: '9443',
  }),
  certificateLife: life('How long a serving certificate is valid.', '2160h'),
  certificateAuthorityLife: life('How long the authority that signs it is valid.', '8760h'),
  plainConversion: toggle({
    description: 'Whether POST /convertcrd is answered on the plain port too.',
    defaultText: 'false',
  }),
};

function life(what: string, defaultText: string) {
  const description = `${what} It is renewed after two thirds of it.`;
  return duration({ description, minimum: '10s', defaultText });
}
