# A build from nothing parses Boost, GoogleTest and the library's headers once for several sources, not once for
# each. With ccache, as developers have it, each source is its own: it tells of an include that is missing
# and compiles less after an edit.
option(SALLYPORT_TOGETHER "Compile several sources of a room at a time where there is no compiler cache" OFF)
set(SALLYPORT_AT_A_TIME 8)

# What these name in their unnamed namespaces, by `using` or by macros clashes with their neighbours.
set(SALLYPORT_ALONE
  api/asked_iam.cc api/service_audit_test.cc api/service_test.cc api/webhook_service.cc api/webhook_service_test.cc
  api/ec2/elastic_ips_test.cc api/ec2/interface_addresses.cc api/ec2/interfaces.cc api/ec2/interfaces_test.cc
  api/ec2/nat_gateways.cc api/ec2/peering.cc api/ec2/prefix_list_entries.cc api/ec2/prefix_lists.cc
  api/ec2/rule_changes.cc api/ec2/security_groups.cc api/ec2/transit.cc api/ec2/transit_attachments.cc
  api/ec2/transit_gateways.cc api/ec2/transit_route_tables.cc api/ec2/vpn_gateways.cc api/ec2/vpn_routes.cc
  api/eks/entry_operations_test.cc api/eks/parse_entry_test.cc api/eks/parse_update_test.cc
  api/identity/policy_lookup.cc
  app/cli.cc app/commands.cc app/completion.cc app/config_audit_test.cc app/config_reader.cc app/config_test.cc
  app/config_webhooks.cc app/config_webhooks_test.cc app/config_workplace_test.cc app/handover_messages_test.cc
  app/pem.cc app/provider_process.cc app/provider_protocol.cc app/render.cc app/render_audit.cc app/serve.cc
  app/views_test.cc app/webhook_certificates_test.cc
  bastion/identity_client.cc bastion/refusal.cc bastion/target_test.cc
  control/entries_test.cc control/hosted_zones_test.cc control/kill_test.cc control/provider_test.cc
  control/reconciler.cc control/store_failure_test.cc control/update_test.cc
  dns/quick_answers_allocation_test.cc dns/quick_answers_test.cc dns/responder_test.cc dns/test_client_test.cc
  gateway/succession_test.cc
  iam/credentials_test.cc iam/entry_principal.cc iam/entry_principal_test.cc iam/entry_rules.cc
  iam/entry_rules_test.cc iam/evaluate_test.cc iam/managed_policies.cc iam/map_caller_test.cc iam/names_test.cc
  iam/pattern.cc iam/principals_test.cc iam/review_access_test.cc iam/session_test.cc iam/token_verify.cc
  iam/token_verify_test.cc
  model/update.cc
  policy/decide_property_test.cc policy/resolve_test.cc policy/validate_test.cc policy/warnings_test.cc
  provider/locks.cc provider/pki_test.cc provider/readiness.cc provider/remove.cc provider/request.cc
  store/store_updates_test.cc
  wire/dns_query_test.cc wire/dns_query_view.cc wire/dns_reply_test.cc wire/dns_response_test.cc
  wire/json_reader_test.cc wire/proxy_protocol_test.cc wire/token_review.cc)
list(TRANSFORM SALLYPORT_ALONE PREPEND ${PROJECT_SOURCE_DIR}/src/)
set_source_files_properties(${SALLYPORT_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)

function(compile_together target)
  if(SALLYPORT_TOGETHER AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${SALLYPORT_AT_A_TIME})
    # GCC takes what is not the file itself for a header, which unnamed namespaces do not belong in.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()
