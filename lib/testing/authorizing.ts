import {
  AclPermissionTypes,
  ResourcePatternTypes,
  type AclOperationTypes,
  type AclResourceTypes,
  type Admin,
} from 'kafkajs';

/** Who comes by the further listener of a broker that asks for a name. */
export const USER = { username: 'courier', password: 'courier' };

/** Settings of a broker that asks everybody who comes by the further listener for a name, and what that name may do. */
export const authorizing = (port: number, lists: { listeners: string; advertised: string }) => [
  `listeners=${lists.listeners},SASL://127.0.0.1:${port}`,
  `advertised.listeners=${lists.advertised},SASL://127.0.0.1:${port}`,
  'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users=User:ANONYMOUS',
  'allow.everyone.if.no.acl.found=false',
  'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT',
  'listener.name.sasl.sasl.enabled.mechanisms=PLAIN',
  `listener.name.sasl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_${USER.username}="${USER.password}";`,
];

/** Lets that name do something with everything whose name begins so, or with all of a kind where it is `*`. */
export function grant(
  admin: Admin,
  resourceType: AclResourceTypes,
  resourceName: string,
  operation: AclOperationTypes,
): Promise<boolean> {
  return admin.createAcls({
    acl: [
      {
        resourceType,
        resourceName,
        resourcePatternType:
          resourceName === '*' ? ResourcePatternTypes.LITERAL : ResourcePatternTypes.PREFIXED,
        principal: `User:${USER.username}`,
        host: '*',
        operation,
        permissionType: AclPermissionTypes.ALLOW,
      },
    ],
  });
}
