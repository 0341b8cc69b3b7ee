#include "workplace/sandbox.h"

#include <initializer_list>
#include <utility>

#include "wire/json_value.h"

namespace sallyport::workplace {

namespace {

constexpr const char* kProgram = "/run/sallyport/sallyport";
constexpr const char* kApiCa = "/etc/sallyport/api-ca.crt";

class Arguments {
 public:
  explicit Arguments(std::vector<std::string>& all) : all_(all) {}

  void add(std::initializer_list<std::string> some) { all_.insert(all_.end(), some); }
  void tmpfs(const std::string& mode, std::size_t bytes, const std::string& at) {
    add({"--perms", mode, "--size", std::to_string(bytes), "--tmpfs", at});
  }

 private:
  std::vector<std::string>& all_;
};

void add_namespaces(Arguments& arguments) {
  // The terminal is the session's own, made for it, and stays its controlling terminal: job control needs one, and
  // what TIOCSTI could push into it is what the user could type. So there is no --new-session.
  arguments.add({"--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
                 "--disable-userns", "--die-with-parent", "--cap-drop", "ALL", "--uid", "1000", "--gid", "1000",
                 "--hostname", "workplace"});
}

void add_system(Arguments& arguments) {
  arguments.add({"--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/sbin", "/sbin",
                 "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64"});
  for (const std::string file :
       {"resolv.conf", "hosts", "nsswitch.conf", "ssl/certs", "ssl/openssl.cnf", "ca-certificates", "ld.so.cache",
        "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "services"})
    arguments.add({"--ro-bind-try", "/etc/" + file, "/etc/" + file});
}

void add_devices(Arguments& arguments, std::size_t bytes) {
  arguments.add({"--proc", "/proc", "--dev", "/dev"});
  arguments.tmpfs("1777", bytes, "/dev/shm");
  arguments.tmpfs("1777", bytes, "/tmp");
  arguments.add({"--remount-ro", "/dev"});
}

std::vector<SandboxFile> system_files(const WorkplaceConfig& config) {
  std::vector<SandboxFile> files{
      {"/etc/passwd", "root:x:0:0:root:/root:/usr/sbin/nologin\nuser:x:1000:1000::" + std::string(kHome) + ":" +
                          config.shell + "\nnobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n"},
      {"/etc/group", "root:x:0:\nuser:x:1000:\nnogroup:x:65534:\n"}};
  if (config.api_ca) files.push_back({kApiCa, *config.api_ca});
  return files;
}

std::string kubeconfig(const Session& session) {
  using wire::Json;
  using wire::JsonArray;
  using wire::JsonObject;
  const ClusterAddress& cluster = session.request.cluster;
  const JsonObject exec{{"apiVersion", "client.authentication.k8s.io/v1beta1"},
                        {"command", kProgram},
                        {"args", JsonArray{"token", "--cluster", cluster.name}},
                        {"interactiveMode", "Never"}};
  // JSON is YAML, and needs no quoting of our own.
  return to_text(JsonObject{
             {"apiVersion", "v1"},
             {"kind", "Config"},
             {"clusters", JsonArray{JsonObject{
                              {"name", cluster.name},
                              {"cluster", JsonObject{{"server", cluster.endpoint},
                                                     {"certificate-authority-data", cluster.certificate_authority}}}}}},
             {"users", JsonArray{JsonObject{{"name", "user"}, {"user", JsonObject{{"exec", exec}}}}}},
             {"contexts", JsonArray{JsonObject{{"name", cluster.name},
                                               {"context", JsonObject{{"cluster", cluster.name}, {"user", "user"}}}}}},
             {"current-context", cluster.name}}) +
         "\n";
}

// A line for the shell's start: without a name, kubectl says no more than that there is no such host.
std::string look_up(std::string_view endpoint) {
  constexpr std::string_view kScheme = "https://";
  constexpr std::string_view kOfNames = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
  const std::string host(endpoint.substr(kScheme.size(), endpoint.find(':', kScheme.size()) - kScheme.size()));
  if (host.empty() || host.find_first_not_of(kOfNames) != std::string::npos) return {};
  return "timeout 3 getent ahosts " + host + " > /dev/null || echo '" + host +
         " does not resolve here, so kubectl will not find it: the resolver of this machine must know the VPC.'\n";
}

}  // namespace

SandboxPlan sandbox_plan(const WorkplaceConfig& config, const std::vector<SandboxFile>& files,
                         const std::vector<std::string>& command) {
  SandboxPlan plan;
  plan.files = system_files(config);
  plan.files.insert(plan.files.end(), files.begin(), files.end());
  plan.arguments = {"bwrap"};
  Arguments arguments(plan.arguments);
  add_namespaces(arguments);
  add_system(arguments);
  add_devices(arguments, config.home_bytes);
  arguments.add({"--perms", "0755", "--dir", "/home", "--perms", "0755", "--dir", "/run/sallyport"});
  arguments.tmpfs("0700", config.home_bytes, kHome);
  arguments.add({"--ro-bind-fd", std::to_string(kProgramDescriptor), kProgram});
  int descriptor = kFirstFileDescriptor;
  for (const SandboxFile& file : plan.files)
    arguments.add({"--perms", file.secret ? "0600" : "0644", "--file", std::to_string(descriptor++), file.path});
  arguments.add({"--json-status-fd", std::to_string(descriptor)});
  // Last: what is made above stands on it.
  arguments.add({"--remount-ro", "/", "--chdir", kHome, "--", "/usr/bin/prlimit",
                 "--nproc=" + std::to_string(config.processes) + ":" + std::to_string(config.processes), "--"});
  plan.arguments.insert(plan.arguments.end(), command.begin(), command.end());
  return plan;
}

std::vector<SandboxFile> session_files(const Session& session) {
  const SessionCredentials& keys = session.request.credentials;
  const std::string home = kHome;
  return {
      {home + "/.kube/config", kubeconfig(session), true},
      {home + "/.aws/config", "[default]\nregion = " + session.request.region + "\n", true},
      {home + "/.aws/credentials",
       "[default]\naws_access_key_id = " + keys.access_key_id + "\naws_secret_access_key = " + keys.secret_access_key +
           "\naws_session_token = " + keys.session_token + "\n",
       true},
      {home + "/.bash_profile", "[ -r ~/.bashrc ] && . ~/.bashrc\n" + look_up(session.request.cluster.endpoint), true},
      {home + "/.bashrc",
       "PS1='\\[\\e[1m\\]workplace:\\w\\[\\e[0m\\]\\$ '\nalias ls='ls --color=auto'\n"
       "[ -r /usr/share/bash-completion/bash_completion ] && . /usr/share/bash-completion/bash_completion\n",
       true}};
}

std::vector<std::string> sandbox_environment(const WorkplaceConfig& config, const std::string& region) {
  std::vector<std::string> all{"HOME=" + std::string(kHome),
                               "USER=user",
                               "LOGNAME=user",
                               "SHELL=" + config.shell,
                               "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
                               "TERM=xterm-256color",
                               "LANG=C.UTF-8",
                               "AWS_PAGER=",
                               "AWS_ENDPOINT_URL=" + config.api};
  if (!region.empty()) {
    all.push_back("AWS_REGION=" + region);
    all.push_back("AWS_DEFAULT_REGION=" + region);
  }
  if (config.api_ca) all.push_back("AWS_CA_BUNDLE=" + std::string(kApiCa));
  return all;
}

}  // namespace sallyport::workplace
