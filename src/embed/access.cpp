// SPDX-License-Identifier: Apache-2.0
#include "access.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "chatvim/text/home.hpp"
#include "path.hpp"

namespace chatvim::embed {
namespace {

/// Names of files and folders where programs keep what lets them in somewhere.
constexpr std::array<std::string_view, 30> kCredentials = {
    ".ssh",    ".gnupg",           ".aws",      ".azure",        ".kube",

    ".netrc",  "_netrc",           ".authinfo", ".authinfo.gpg", ".npmrc",
    ".pypirc", ".git-credentials", ".pgpass",   ".my.cnf",       ".mylogin.cnf",
    ".gcloud", ".password-store",  ".oci",      ".vault-token",  ".terraformrc",
    ".boto",   ".terraform.d",     ".s3cfg",    ".htpasswd",     ".env",
    ".envrc",  ".mozilla",         ".bitcoin",  ".thunderbird",  ".yarnrc.yml"};

/// The same, where a name alone does not say it.
constexpr std::array<std::string_view, 9> kCredentialPaths = {"/.docker/config.json/",
                                                              "/.config/gcloud/",
                                                              "/.config/gh/",
                                                              "/.config/op/",
                                                              "/.config/rclone/",
                                                              "/.local/share/keyrings/",
                                                              "/.cargo/credentials.toml/",
                                                              "/.gem/credentials/",
                                                              "/.m2/settings.xml/"};

/// What follows ".env." where such a file is made to be shared.
constexpr std::array<std::string_view, 5> kSharedEndings = {"example", "sample", "template", "dist",
                                                            "defaults"};

/// The components of a path below a root.
bool has_credentials(std::string_view path) {
  const std::string whole = fmt::format("/{}/", path);
  const bool is_known = std::any_of(
      kCredentialPaths.begin(), kCredentialPaths.end(),
      [&whole](std::string_view known) { return whole.find(known) != std::string::npos; });
  if (is_known) return true;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (holds_credentials(path.substr(0, slash))) return true;
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return false;
}

}  // namespace

bool holds_credentials(std::string_view name) {
  if (std::find(kCredentials.begin(), kCredentials.end(), name) != kCredentials.end()) return true;
  if (!name.starts_with(".env.")) return false;
  const std::string ending = ending_of(name);
  return std::find(kSharedEndings.begin(), kSharedEndings.end(), ending) == kSharedEndings.end();
}

Access::Access(const Context& context, const std::string& source, const Files& files) {
  const auto home = context.environment ? context.environment("HOME") : std::nullopt;
  if (home) home_ = files.resolve(*home).value_or("");
  if (!context.file.empty())
    add(folder_of(join(context.working_folder, context.file)), false, files);
  if (!source.empty()) add(folder_of(join(context.working_folder, source)), false, files);
  add(context.working_folder, false, files);
  for (const std::string& path : context.allowed) {
    add(join(context.working_folder, text::expand_home(path, home)), true, files);
  }
}

void Access::add(const std::string& path, bool chosen, const Files& files) {
  if (path.empty()) return;
  auto resolved = files.resolve(path);
  if (!resolved) return;  // what is not there allows nothing
  // A chat that somebody put into the home folder, or an editor started there, does not mean that
  // everything the user owns may be sent: the tree of such a folder is no project. Only the files
  // that lie in it for all to see count. Who wants more says so by `allow`.
  const bool is_above_home = !home_.empty() && below(home_, *resolved).has_value();
  const bool tree = chosen || !(*resolved == "/" || is_above_home);
  roots_.push_back({std::move(*resolved), tree});
}

bool Access::allows_file(std::string_view path) const {
  return std::any_of(roots_.begin(), roots_.end(), [path](const Root& root) {
    const auto rest = below(path, root.path);
    if (!rest || has_credentials(*rest)) return false;
    if (root.tree) return true;
    return !rest->empty() && rest->find('/') == std::string_view::npos && rest->front() != '.';
  });
}

bool Access::allows_folder(std::string_view path) const {
  return std::any_of(roots_.begin(), roots_.end(), [path](const Root& root) {
    const auto rest = below(path, root.path);
    return root.tree && rest && !has_credentials(*rest);
  });
}

bool Access::allows_names(std::string_view path) const {
  return allows_folder(path) || std::any_of(roots_.begin(), roots_.end(),
                                            [path](const Root& root) { return root.path == path; });
}

}  // namespace chatvim::embed
