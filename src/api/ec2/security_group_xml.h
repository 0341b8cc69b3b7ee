#pragma once

#include <string_view>
#include <vector>

#include "api/ec2/filters.h"
#include "api/ec2/security_group_rules.h"
#include "api/ec2/xml.h"

// Security groups and their rules as answers tell them.
namespace sallyport::api::ec2 {

// The inside of a SecurityGroup.
void render_group(Xml& xml, const Context& context, const model::SecurityGroup& group);
// The inside of a SecurityGroupRule.
void render_rule(Xml& xml, const Context& context, const model::SecurityGroup& group,
                 const model::SecurityGroupRule& rule, Direction direction);
// The inside of a RevokedSecurityGroupRule.
void render_revoked(Xml& xml, const model::SecurityGroup& group, const model::SecurityGroupRule& rule,
                    Direction direction);
// A set of IpPermissions: rules of the same protocol and ports make one.
void render_permissions(Xml& xml, std::string_view name, const Context& context, const model::SecurityGroup& group,
                        const std::vector<model::SecurityGroupRule>& rules);

// What the filters of DescribeSecurityGroups ask for.
Facts facts_of(const Context& context, const model::SecurityGroup& group);

}  // namespace sallyport::api::ec2
