#include "app/cli.h"

#include <fmt/core.h>

#include <exception>
#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/bastion_command.h"
#include "app/commands.h"
#include "app/completion.h"
#include "app/serve.h"
#include "app/token_command.h"
#include "app/version.h"
#include "app/workplace_command.h"
#include "base/limits.h"

namespace sallyport::app {

namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

const std::vector<std::string> kShells{"bash", "zsh", "fish"};
const std::vector<std::string> kOutputs{"text", "json"};
const std::vector<std::string> kLogFormats{"text", "json"};
const std::vector<std::string> kWebhookKinds{"authentication", "authorization"};
const std::vector<std::string> kLogLevels{"trace", "debug", "info", "warn", "error"};

struct Choices {
  ServeOptions serve;
  DaemonOptions bastion;
  DaemonOptions workplace;
  std::string data_dir;
  std::string output = "text";
  std::string cluster;
  std::string source;
  std::string vpc;
  std::string update;
  std::string vpc_config;
  std::string webhook_kind = "authentication";
  std::string shell;
  AuditOptions audit;

  bool json() const { return output == "json"; }
};

// The command line of the program, with what each subcommand does.
class CommandLine {
 public:
  CommandLine() : app_("Kubernetes API endpoints with the access control of Amazon EKS", "sallyport") {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", std::string("sallyport ") + kVersion);
    app_.get_formatter()->column_width(34);
    add_serve();
    add_daemon("bastion", "Run a proxy into a VPC, to cluster endpoints only, until SIGTERM", choices_.bastion,
               run_bastion);
    add_daemon("workplace", "Run shells for users of the console, each in a sandbox, until SIGTERM", choices_.workplace,
               run_workplace);
    add_check();
    CLI::App* env = command("env", "Print the environment that points AWS clients here, for eval",
                            [this] { return env_command(choices_.data_dir); });
    add_data_dir(env);
    add_explain();
    add_traffic();
    add_preview();
    CLI::App* status = command("status", "Show what runs: nodes, listeners, pools, VPCs, subnets",
                               [this] { return status_command(choices_.data_dir, choices_.json()); });
    add_data_dir(status);
    add_output(status);
    add_zones();
    add_describe();
    add_webhook_config();
    add_audit();
    add_token();
    command("version", "Print the version", [] {
      fmt::print("sallyport {}\n", kVersion);
      return 0;
    });
    CLI::App* completion = command("completion", "Print a completion script for a shell", [this] {
      fmt::print("{}", completion_script(choices_.shell, shapes()));
      return 0;
    });
    completion->add_option("shell", choices_.shell, "bash, zsh or fish")->required()->check(CLI::IsMember(kShells));
  }

  int run(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? 0 : kUsage;
    }
    return action_();
  }

 private:
  CLI::App* command(const std::string& name, const std::string& description, std::function<int()> action) {
    CLI::App* made = app_.add_subcommand(name, description);
    made->callback([this, action = std::move(action)] { action_ = action; });
    return made;
  }

  void add_data_dir(CLI::App* to) {
    to->add_option("--data-dir", choices_.data_dir, "Data folder; else $SALLYPORT_DATA_DIR, else /var/lib/sallyport");
  }
  // The caller says whether it must be there.
  CLI::Option* add_cluster(CLI::App* to, const std::string& description = "Name of the cluster") {
    return to->add_option("cluster,--cluster", choices_.cluster, description + ", by position or by --cluster");
  }
  void add_output(CLI::App* to) {
    to->add_option("--output", choices_.output, "text or json")->check(CLI::IsMember(kOutputs));
  }

  void add_serve() {
    ServeOptions& options = choices_.serve;
    CLI::App* serving = command("serve", "Run until SIGTERM", [this] { return serve(choices_.serve); });
    serving->add_option("--config", options.config_file, "Configuration file (TOML)")->required();
    serving->add_option("--data-dir", options.data_dir, "Data folder, instead of the configured one");
    serving->add_option("--roles", options.roles, "control, gateway, dns, joined by commas; all by default");
    serving->add_flag("--takeover", options.takeover, "Take over from the process that serves the data folder, if any");
    serving->add_option("--log-level", options.log_level, "trace, debug, info, warn or error")
        ->check(CLI::IsMember(kLogLevels));
    serving->add_option("--log-format", options.log_format, "text or json")->check(CLI::IsMember(kLogFormats));
  }

  void add_daemon(const std::string& name, const std::string& description, DaemonOptions& options,
                  int (*action)(const DaemonOptions&)) {
    CLI::App* running = command(name, description, [&options, action] { return action(options); });
    running->add_option("--config", options.config_file, "Configuration file (TOML) with [" + name + "]")->required();
    running->add_option("--log-level", options.log_level, "trace, debug, info, warn or error")
        ->check(CLI::IsMember(kLogLevels));
    running->add_option("--log-format", options.log_format, "text or json")->check(CLI::IsMember(kLogFormats));
  }

  void add_token() {
    CLI::App* printing = command("token", "Print a token for a cluster, for kubectl, as aws eks get-token does",
                                 [this] { return token_command(choices_.cluster); });
    add_cluster(printing)->required();
    printing->footer(
        "Keys, region and endpoint are those of the AWS CLI: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and\n"
        "AWS_SESSION_TOKEN, AWS_REGION or AWS_DEFAULT_REGION, AWS_ENDPOINT_URL_STS or AWS_ENDPOINT_URL; else those of\n"
        "AWS_PROFILE in ~/.aws/credentials and ~/.aws/config (AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE).\n"
        "`sallyport env` prints the variables of the root principal. Nothing is asked of the server.");
  }

  void add_check() {
    CLI::App* checking = command("check", "Check a configuration and show every error",
                                 [this] { return check_command(choices_.serve.config_file, choices_.json()); });
    checking->add_option("--config", choices_.serve.config_file, "Configuration file (TOML)")->required();
    add_output(checking);
  }

  void add_traffic() {
    CLI::App* asking = command("traffic", "Who was admitted to a cluster and who was denied, by source", [this] {
      return traffic_command(choices_.data_dir, choices_.cluster, choices_.json());
    });
    add_cluster(asking)->required();
    add_data_dir(asking);
    add_output(asking);
  }

  void add_preview() {
    CLI::App* asking = command("preview", "Which live connections a change of endpoint access would cut", [this] {
      return preview_command(choices_.data_dir, choices_.cluster, choices_.vpc_config, choices_.json());
    });
    add_cluster(asking)->required();
    asking
        ->add_option("--resources-vpc-config", choices_.vpc_config,
                     "The change, as for aws eks update-cluster-config: endpointPublicAccess=false,…")
        ->required();
    add_data_dir(asking);
    add_output(asking);
  }

  void add_explain() {
    CLI::App* explaining = command("explain", "Say whether an address reaches a cluster, and why", [this] {
      return explain_command(choices_.data_dir, choices_.cluster, choices_.source, choices_.vpc, choices_.json());
    });
    add_cluster(explaining)->required();
    explaining->add_option("--source", choices_.source, "Address of the client")->required();
    explaining->add_option("--vpc", choices_.vpc, "VPC the client is in; outside every VPC by default");
    add_data_dir(explaining);
    add_output(explaining);
  }

  void add_zones() {
    CLI::App* showing = command("zones", "Show the clusters' private hosted zones, and what keeps one from serving",
                                [this] { return zones_command(choices_.data_dir, choices_.cluster, choices_.json()); });
    add_cluster(showing, "Show those of this cluster alone");
    add_data_dir(showing);
    add_output(showing);
  }

  void add_describe() {
    CLI::App* describing = command("describe", "Show a cluster with its health, connections and updates", [this] {
      return describe_command(choices_.data_dir, choices_.cluster, choices_.update, choices_.json());
    });
    add_cluster(describing)->required();
    describing->add_option("--update", choices_.update, "Show this update alone");
    add_data_dir(describing);
    add_output(describing);
  }

  void add_webhook_config() {
    CLI::App* printing =
        command("webhook-config", "Print the file by which a cluster's API servers ask who callers are", [this] {
          return webhook_config_command(choices_.data_dir, choices_.cluster, choices_.webhook_kind, choices_.json());
        });
    add_cluster(printing)->required();
    printing->add_option("--kind", choices_.webhook_kind, "authentication (who is it) or authorization (may they)")
        ->check(CLI::IsMember(kWebhookKinds));
    add_data_dir(printing);
    add_output(printing);
  }

  void add_audit() {
    CLI::App* showing = command("audit", "Show the newest records of API calls",
                                [this] { return audit_command(choices_.data_dir, choices_.audit, choices_.json()); });
    showing->add_option("--limit", choices_.audit.limit, "How many at most; 20 by default")
        ->check(CLI::Range(std::size_t{1}, base::limits::kAuditShown));
    showing->add_option("--since", choices_.audit.since, "From then on: 2026-11-24T14:30:00Z, 2026-11-24, 15m, 2h, 7d");
    showing->add_option("--dir", choices_.audit.dir, "Folder of the records, where [audit] dir names one");
    add_data_dir(showing);
    add_output(showing);
  }

  std::vector<CommandShape> shapes() const {
    std::vector<CommandShape> all;
    for (const CLI::App* made : app_.get_subcommands(nullptr)) {
      CommandShape shape{made->get_name(), made->get_description(), {}, {}};
      for (const CLI::Option* option : made->get_options()) {
        if (option->get_lnames().empty()) {  // by position only
          if (option->get_name() == "shell") shape.words = kShells;
          continue;
        }
        const std::string name = "--" + option->get_lnames().front();
        shape.options.push_back({name, option->get_description(), option->get_items_expected() > 0, values_of(name)});
      }
      all.push_back(std::move(shape));
    }
    return all;
  }

  static std::vector<std::string> values_of(const std::string& option) {
    if (option == "--output") return kOutputs;
    if (option == "--log-format") return kLogFormats;
    if (option == "--kind") return kWebhookKinds;
    if (option == "--log-level") return kLogLevels;
    return {};
  }

  Choices choices_;
  CLI::App app_;
  std::function<int()> action_;
};

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  try {
    return CommandLine().run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "sallyport: {}\n", error.what());
    return kFailed;
  }
}

}  // namespace sallyport::app
