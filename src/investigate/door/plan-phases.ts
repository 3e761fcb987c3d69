import { greetOption } from '../../model/visits/greeting.ts';
import type { DoorPlan, PlanPhase, PlanVariable } from '../../model/visits/door-plan.ts';

const SSH = 22;
/** Where the machine's own ssh server is while its usual port is the open one. */
const OTHER_SSH = 2222;

/** The input of the phases. */
export interface PlanFacts {
  readonly target: DoorPlan['target'];
  /** Interfaces that share the subnet, without the machine's; null: not known. */
  readonly neighbours: number | null;
}

/**
 * The phases from a machine in use to an isolated one with an open port, and back. Commands use shell variables for facts
 * about the machine, which `planVariables` sets.
 */
export function planPhases({ target, neighbours }: PlanFacts): readonly PlanPhase[] {
  const { port, protocol } = target;
  const atSsh = protocol === 'tcp' && port === SSH;
  const ownSsh = atSsh ? OTHER_SSH : SSH;
  const greet = protocol === 'tcp' ? greetOption(port) : null;
  const world = `'[{"IpProtocol":"${protocol}","FromPort":${port},"ToPort":${port},"IpRanges":[{"CidrIp":"0.0.0.0/0"}],"Ipv6Ranges":[{"CidrIpv6":"::/0"}]}]'`;
  const everywhere = `'[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]'`;
  const subnet =
    neighbours === 0
      ? 'The inventory lists no other interface in its subnet: a network ACL of its own may let in the port and answers, and nothing else.'
      : neighbours === null
        ? 'A network ACL holds for the whole subnet: change it only if the machine is alone in it, and see that it lets the port in.'
        : `A network ACL holds for the whole subnet, and ${neighbours.toLocaleString('en-US')} other interfaces are in it: leave it as it is, and see that it lets the port in.`;
  return [
    {
      name: 'relieve',
      title: 'Relieve the machine of its duties',
      steps: [
        {
          text: 'Let another machine take over from the peers above, and see their flows end here.',
          commands: [],
        },
        {
          text: 'Take it out of its Auto Scaling group, if it is in one.',
          commands: [
            'aws autoscaling describe-auto-scaling-instances --instance-ids "$INSTANCE_ID"',
            '# aws autoscaling enter-standby --instance-ids "$INSTANCE_ID" --auto-scaling-group-name "$AUTO_SCALING_GROUP" --should-decrement-desired-capacity',
          ],
        },
        {
          text: 'Take it out of its load balancers, if it is behind any.',
          commands: [
            '# aws elbv2 deregister-targets --target-group-arn "$TARGET_GROUP_ARN" --targets "Id=$INSTANCE_ID"',
          ],
        },
        { text: 'Stop the services on it, and remove data and secrets that lie on it.', commands: [] },
      ],
    },
    {
      name: 'isolate',
      title: 'Isolate it',
      steps: [
        ...(atSsh
          ? [
              {
                text: `Its own ssh server is at this port, and strangers must not meet that: move it to port ${OTHER_SSH}, in the socket of systemd too if that listens for it.`,
                commands: [
                  `# on the machine: echo "Port ${OTHER_SSH}" | sudo tee /etc/ssh/sshd_config.d/00-other-port.conf`,
                  '# on the machine: sudo systemctl restart sshd || sudo systemctl restart ssh',
                ],
              },
            ]
          : []),
        {
          text: 'Note the security groups that it has now, to give them back.',
          commands: [
            'aws ec2 describe-network-interfaces --network-interface-ids "$INTERFACE_ID" --query "NetworkInterfaces[0].Groups[].GroupId" --output text > door-groups-before.txt',
          ],
        },
        {
          text: 'Take its role away, and the way to credentials.',
          commands: [
            'ASSOCIATION_ID="$(aws ec2 describe-iam-instance-profile-associations --filters "Name=instance-id,Values=$INSTANCE_ID" --query "IamInstanceProfileAssociations[0].AssociationId" --output text)"',
            'if [ "$ASSOCIATION_ID" != None ]; then aws ec2 disassociate-iam-instance-profile --association-id "$ASSOCIATION_ID"; fi',
            'aws ec2 modify-instance-metadata-options --instance-id "$INSTANCE_ID" --http-endpoint disabled',
          ],
        },
        {
          text: 'Make a security group that lets nothing in and nothing out, and give it to the interface alone.',
          commands: [
            'DOOR_GROUP="$(aws ec2 create-security-group --group-name "peephole-door-$INTERFACE_ID" --description "Isolated by hand: an open port, and nothing else" --vpc-id "$VPC_ID" --query GroupId --output text)"',
            'printf "%s\\n" "$DOOR_GROUP" > door-group.txt',
            `aws ec2 revoke-security-group-egress --group-id "$DOOR_GROUP" --ip-permissions ${everywhere}`,
            'aws ec2 modify-network-interface-attribute --network-interface-id "$INTERFACE_ID" --groups "$DOOR_GROUP"',
          ],
        },
        {
          text: 'Let yourself in, from your address alone, to start the listener and to fetch its files.',
          commands: [
            `aws ec2 authorize-security-group-ingress --group-id "$DOOR_GROUP" --protocol tcp --port ${ownSsh} --cidr "$MY_ADDRESS/32"`,
          ],
        },
        { text: subnet, commands: [] },
        {
          text: 'Connections that were open go on after such a change: restart the machine, and see that it reaches nothing of yours any more.',
          commands: ['aws ec2 reboot-instances --instance-ids "$INSTANCE_ID"'],
        },
      ],
    },
    {
      name: 'open',
      title: `Open port ${port}`,
      steps: [
        {
          text: `On the machine, start the listener. It ${greet === null ? 'answers nothing' : 'greets, since clients of this port wait for that, answers nothing else'}, and keeps what strangers say first (docs/listen.md).`,
          commands: [
            ...(atSsh
              ? ['# on the machine, before that: nothing may listen here: ss -ltn "sport = :22"']
              : []),
            `# on the machine: peephole listen --port ${protocol === 'udp' ? 'udp/' : ''}${port} --host 0.0.0.0 ::${greet === null ? '' : ` ${greet}`} --store ./door`,
          ],
        },
        {
          text: atSsh
            ? 'Open the port to the world: only where the listener has it, not the ssh server.'
            : 'Open the port to the world.',
          commands: [
            'DOOR_GROUP="$(cat door-group.txt)"',
            `aws ec2 authorize-security-group-ingress --group-id "$DOOR_GROUP" --ip-permissions ${world}`,
          ],
        },
      ],
    },
    {
      name: 'close',
      title: 'Close it again',
      steps: [
        {
          text: 'Close the port.',
          commands: [
            'DOOR_GROUP="$(cat door-group.txt)"',
            `aws ec2 revoke-security-group-ingress --group-id "$DOOR_GROUP" --ip-permissions ${world}`,
          ],
        },
        {
          text: 'Fetch the files of the listener, and take them in where the flow logs are.',
          commands: [
            `scp ${atSsh ? `-P ${OTHER_SSH} ` : ''}"$MACHINE:door/visits/*.jsonl" ./visits/`,
            'peephole ingest ./visits',
            `peephole door --port ${port}`,
          ],
        },
        {
          text: 'A machine that was open to the world is best replaced: terminate it. Only if it must stay, give its groups back.',
          commands: [
            '# aws ec2 terminate-instances --instance-ids "$INSTANCE_ID"',
            '# aws ec2 modify-network-interface-attribute --network-interface-id "$INTERFACE_ID" --groups $(cat door-groups-before.txt)',
            '# aws ec2 delete-security-group --group-id "$DOOR_GROUP"',
          ],
        },
      ],
    },
  ];
}

/** The shell variables of the commands, each with its value where the inventory has it. */
export function planVariables(machine: DoorPlan['machine']): readonly PlanVariable[] {
  return [
    { name: 'INSTANCE_ID', value: machine.instance, what: 'the instance, i-…' },
    { name: 'INTERFACE_ID', value: machine.interface, what: 'its network interface, eni-…' },
    { name: 'VPC_ID', value: machine.vpc, what: 'its VPC, vpc-…' },
    { name: 'AUTO_SCALING_GROUP', value: null, what: 'its Auto Scaling group, if it is in one' },
    { name: 'TARGET_GROUP_ARN', value: null, what: 'a target group that it is in, if it is in one' },
    { name: 'MY_ADDRESS', value: null, what: 'the address that you come from' },
    { name: 'MACHINE', value: machine.public_address, what: 'how ssh reaches the machine' },
  ];
}
