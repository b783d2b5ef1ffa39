import { Type } from 'typebox';
import { controllerSettings as settings } from '../../../src/settings/controller-settings.ts';
import { flag, fromSetting, group, text } from './kinds.ts';

/** What the program does: its settings, by the names people know from other charts. */
export const controllerValues = {
  behavior: fromSetting(
    settings.behavior,
    'Which namespaces are disturbed. AllowAll: all but those labelled ' +
      'cm.massix.github.io/namespace=false; DenyAll: only those labelled cm.massix.github.io/namespace=true.',
  ),
  protectedNamespaces: fromSetting(
    settings.protectedNamespaces,
    "Namespaces that are never disturbed, whatever their labels; @own is the release's own.",
  ),
  watchNamespaces: fromSetting(
    settings.watchNamespaces,
    'The only namespaces to work in; they have to exist. Given, the chart makes Roles in them and no ' +
      'ClusterRole. Conversion is then off unless conversion.manageCRD is set.',
  ),
  logLevel: fromSetting(settings.logLevel),
  logFormat: fromSetting(settings.logFormat),
  seed: text('', `${settings.seed.description} Empty: ${settings.seed.otherwise}.`),
  watchTimeouts: group('How long one watch lasts before it is renewed; nothing is missed by it.', {
    namespaces: fromSetting(settings.nsTimeout, 'Of namespaces.'),
    configurations: fromSetting(settings.crdTimeout, 'Of configurations.'),
    workloads: fromSetting(settings.podTimeout, 'Of deployments, ReplicaSets and pods.'),
  }),
  leaderElection: group('How replicas agree on the one that acts, by a Lease.', {
    enabled: flag(true, 'Can be switched off for a single replica only.'),
    leaseDuration: fromSetting(settings.leaseDuration),
    renewDeadline: fromSetting(settings.leaseRenewDeadline),
    retryPeriod: fromSetting(settings.leaseRetryPeriod),
  }),
  crd: group('The CustomResourceDefinition of ChaosMonkeyConfiguration.', {
    install: flag(
      true,
      'Install and upgrade it with the chart. An uninstall keeps it, and all its objects.',
    ),
  }),
  conversion: group(
    'Configurations as v1alpha1, which the API server has converted by the program.',
    {
      enabled: flag(
        true,
        'Answer over HTTPS, with certificates that the program makes and renews.',
      ),
      manageCRD: flag(
        false,
        'Convert with watchNamespaces too, by one ClusterRole for our CustomResourceDefinition alone.',
      ),
      plain: fromSetting(settings.plainConversion),
      certificateLife: fromSetting(settings.certificateLife),
      certificateAuthorityLife: fromSetting(settings.certificateAuthorityLife),
    },
  ),
  global: Type.Object(
    {},
    { description: 'Not used; Helm hands it to every chart that is a part of another.' },
  ),
};
