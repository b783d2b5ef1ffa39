// What `helm test` runs in a pod: whether the program answers, accepts a configuration and converts it.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const { BEHAVIOR, CONVERSION, DEPLOYMENT, POD_NAME, POD_NAMESPACE, SERVICE } = process.env;
const { PROTECTED_NAMESPACES, SCENE_NAMESPACE } = process.env;
const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;

const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';
const API = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
const GROUP = '/apis/cm.massix.github.io';

/** How long something may take: a leader that died has to be replaced meanwhile. */
const DEADLINE_MS = 60_000;
const EVERY_MS = 500;

async function request(url, init = {}) {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(5_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

function api(path, init = {}) {
  const Authorization = `Bearer ${readFileSync(TOKEN, 'utf8').trim()}`;
  return request(`${API}${path}`, { ...init, headers: { ...init.headers, Authorization } });
}

/** Tries until it does not throw. */
async function eventually(what, attempt) {
  const end = Date.now() + DEADLINE_MS;
  for (;;) {
    try {
      const seen = await attempt();
      console.log(`ok: ${what}${seen ? `: ${seen}` : ''}`);
      return;
    } catch (error) {
      if (Date.now() > end)
        throw new Error(`${what}: not within ${DEADLINE_MS / 1_000} s`, { cause: error });
      await pause(EVERY_MS);
    }
  }
}

function expect(holds, got) {
  if (!holds) throw new Error(`got ${JSON.stringify(got)}`);
}

/** Helm keeps the pods of tests; owned by the Deployment, this one goes with the release. */
async function becomeOwned() {
  const path = `/apis/apps/v1/namespaces/${POD_NAMESPACE}/deployments/${DEPLOYMENT}`;
  const { uid } = (await api(path)).metadata;
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: DEPLOYMENT, uid };
  await api(`/api/v1/namespaces/${POD_NAMESPACE}/pods/${POD_NAME}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/merge-patch+json' },
    body: JSON.stringify({ metadata: { ownerReferences: [owner] } }),
  });
}

async function isUp() {
  const health = await request(`${SERVICE}/health`);
  expect(health.status === 'up' && health.leader !== null, health);
  return `led by ${health.leader}`;
}

async function isDisturbed() {
  const isProtected = PROTECTED_NAMESPACES.split(',').includes(SCENE_NAMESPACE);
  if (isProtected || (SCENE_NAMESPACE === POD_NAMESPACE && PROTECTED_NAMESPACES.includes('@own')))
    return false;
  const { metadata } = await api(`/api/v1/namespaces/${SCENE_NAMESPACE}`);
  const label = metadata.labels?.['cm.massix.github.io/namespace'];
  return BEHAVIOR.toLowerCase() === 'denyall' ? label === 'true' : label !== 'false';
}

function configuration(version) {
  return api(
    `${GROUP}/${version}/namespaces/${SCENE_NAMESPACE}/chaosmonkeyconfigurations/${POD_NAME}`,
  );
}

async function isAccepted() {
  const { status } = await configuration('v1');
  const conditions = status?.conditions ?? [];
  const isTrue = (type) => conditions.some((one) => one.type === type && one.status === 'True');
  expect(isTrue('Accepted') && isTrue('TargetFound'), status);
  return conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`).join(', ');
}

async function isConverted() {
  const { spec } = await configuration('v1alpha1');
  expect(spec.deploymentName === POD_NAME && spec.podMode === true, spec);
  return JSON.stringify(spec);
}

async function main() {
  await eventually('this pod goes with the release', becomeOwned);
  await eventually('the program is up', isUp);
  if (await isDisturbed()) {
    await eventually('a configuration is accepted and its target found', isAccepted);
  } else {
    console.log(
      `left out: ${SCENE_NAMESPACE} is opted out or protected: no configuration counts there`,
    );
  }
  if (CONVERSION) await eventually('the configuration is read as v1alpha1', isConverted);
  else console.log('left out: conversion is switched off');
}

main().catch(({ message, cause }) => {
  console.error(`failed: ${message}: ${cause?.message ?? 'nothing more is known'}`);
  process.exitCode = 1;
});
