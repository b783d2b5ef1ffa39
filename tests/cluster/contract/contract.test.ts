import { controlPlane, openRealCluster } from '../support/real-cluster.ts';
import { describeContract } from './contract.ts';

describeContract({
  title: 'the cluster of KUBECONFIG',
  open: openRealCluster,
  forgets: controlPlane() !== undefined,
});
