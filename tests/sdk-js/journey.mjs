// Creates, updates, pages, tags and deletes with unmodified @aws-sdk clients; the environment names the endpoint.
// Prints {"steps": […]} when every assertion held.
import assert from 'node:assert/strict';
import {
  CreateClusterCommand, DeleteClusterCommand, DescribeClusterCommand, DescribeUpdateCommand, EKSClient,
  ListTagsForResourceCommand, TagResourceCommand, UpdateClusterConfigCommand, InvalidParameterException,
  ResourceNotFoundException, paginateListUpdates, waitUntilClusterActive, waitUntilClusterDeleted,
} from '@aws-sdk/client-eks';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

const subnetIds = process.argv.slice(2);
const settings = { region: process.env.AWS_DEFAULT_REGION, endpoint: process.env.AWS_ENDPOINT_URL, maxAttempts: 1 };
const eks = new EKSClient(settings);
const name = 'from-javascript';
const steps = [];
const waiting = { client: eks, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };

const identity = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
assert.equal(identity.Arn, 'arn:aws:iam::000000000000:root');
steps.push('identity');

await eks.send(new CreateClusterCommand({
  name, roleArn: 'arn:aws:iam::000000000000:role/eks-cluster', tags: { 'sallyport.dev/pool': 'my-cluster' },
  resourcesVpcConfig: { subnetIds },
}));
await waitUntilClusterActive(waiting, { name });
steps.push('create');

const { update } = await eks.send(new UpdateClusterConfigCommand({
  name, resourcesVpcConfig: { publicAccessCidrs: ['203.0.113.5/32'], endpointPrivateAccess: true },
}));
let status = update.status;
for (let polls = 0; status === 'InProgress' && polls < 100; polls += 1) {
  await new Promise((resolve) => { setTimeout(resolve, 100); });
  status = (await eks.send(new DescribeUpdateCommand({ name, updateId: update.id }))).update.status;
}
assert.equal(status, 'Successful');
const { cluster } = await eks.send(new DescribeClusterCommand({ name }));
assert.deepEqual(cluster.resourcesVpcConfig.publicAccessCidrs, ['203.0.113.5/32']);
assert.ok(cluster.createdAt instanceof Date);
steps.push('update');

const ids = [];
for await (const page of paginateListUpdates({ client: eks, pageSize: 1 }, { name })) ids.push(...page.updateIds);
assert.deepEqual(ids, [update.id]);
steps.push('pages');

await eks.send(new TagResourceCommand({ resourceArn: cluster.arn, tags: { team: 'platform' } }));
const { tags } = await eks.send(new ListTagsForResourceCommand({ resourceArn: cluster.arn }));
assert.equal(tags.team, 'platform');
steps.push('tags');

await assert.rejects(eks.send(new DescribeClusterCommand({ name: 'nowhere' })), ResourceNotFoundException);
await assert.rejects(
  eks.send(new UpdateClusterConfigCommand({ name, resourcesVpcConfig: { publicAccessCidrs: ['203.0.113.5/24'] } })),
  (error) => error instanceof InvalidParameterException && error.message.includes('203.0.113.0/24'),
);
steps.push('errors');

await eks.send(new DeleteClusterCommand({ name }));
await waitUntilClusterDeleted(waiting, { name });
steps.push('delete');
console.log(JSON.stringify({ steps }));
