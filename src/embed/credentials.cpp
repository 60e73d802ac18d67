// SPDX-License-Identifier: Apache-2.0
#include "credentials.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <vector>

namespace chatvim::embed {
namespace {

// Small letters: names are compared in either case, as some file systems do.

// clang-format off
/// Files and folders that usually hold credentials, or a history of what was typed. A `*` stands
/// for any characters. Those that begin with a dot may be folders, the others are files.
constexpr auto kCredentialNames = std::to_array<std::string_view>({
    ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".gcloud", ".oci", ".password-store", ".pki",
    ".putty", ".mozilla", ".thunderbird", ".electrum", ".bitcoin", ".ethereum", ".terraform.d",
    ".pulumi", ".fly", ".railway", ".kaggle", ".secrets", ".netrc", "_netrc", ".authinfo",
    ".authinfo.gpg", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pypirc", ".git-credentials",
    ".gitconfig", ".pgpass", ".my.cnf", ".mylogin.cnf", ".vault-token", ".vault_pass",
    ".terraformrc", ".boto", ".s3cfg", ".htpasswd", ".dockercfg", ".dockerconfigjson", ".curlrc",
    ".wgetrc", ".smbcredentials", ".msmtprc", ".fetchmailrc", ".offlineimaprc", ".sentryclirc",
    ".databrickscfg", ".snowsql", ".erlang.cookie", ".xauthority", ".iceauthority", ".envrc",
    ".flaskenv", ".histfile", ".history", ".zhistory", ".zsh_sessions", ".bash_sessions",
    "pgpass.conf", ".lesshst", ".viminfo", "fish_history", "consolehost_history.txt", "id_rsa",
    "id_dsa", "id_ecdsa", "id_ed25519", "id_ecdsa_sk", "id_ed25519_sk", "kubeconfig", "rclone.conf",
    "credentials", "credentials.json", "client_secret*.json", "service-account*.json",
    "service_account*.json", "serviceaccount*.json", "application_default_credentials.json",
    "auth.json", "secrets.json", "secrets.toml", "secrets.yaml", "secrets.yml", "*.tfvars",
    "*.tfvars.json", "*.tfstate", "wp-config.php", "wallet.dat", "*.kdb", "*.kdbx", "*.p12",
    "*.pfx", "*.jks", "*.keystore", "*.keytab", "*.ovpn"});

/// The same, if a name alone does not say it.
constexpr auto kCredentialPaths = std::to_array<std::string_view>({
    ".docker/config.json", ".config/gcloud", ".config/gh", "gh/hosts.yml", ".config/glab-cli",
    ".config/hub", ".config/op", ".config/rclone", ".config/sops", ".config/doctl",
    ".config/stripe", ".config/git/credentials", ".config/google-chrome", ".config/chromium",
    ".config/bravesoftware", ".local/share/keyrings", ".local/share/kwalletd", "library/keychains",
    ".cargo/credentials", ".cargo/credentials.toml", ".gem/credentials", ".m2/settings.xml",
    ".gradle/gradle.properties", ".cache/huggingface/token", ".huggingface/token",
    ".dbt/profiles.yml", ".git/config", ".git/modules", ".git/worktrees", ".hg/hgrc", ".svn/auth",
    "etc/shadow", "etc/gshadow"});
// clang-format on

/// The last word of a name ".env" that is made to be shared, or the first of "example.env".
constexpr auto kSharedWords = std::to_array<std::string_view>(
    {"example", "sample", "template", "dist", "schema", "defaults"});

/// Endings that editors and people give to a copy, besides a number.
constexpr auto kCopies =
    std::to_array<std::string_view>({"~", ".bak", "_bak", ".old", "_old", ".orig", ".new", ".save",
                                     ".swp", ".backup", "_backup", "copy", ".txt"});
constexpr std::string_view kSeparators = " .-_";

char small_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Whether a name is one of the table. A `*` matches any characters, and there is at most one.
bool matches_name(std::string_view known, std::string_view name) {
  const std::size_t star = known.find('*');
  if (star == std::string_view::npos) return known == name;
  const std::string_view end = known.substr(star + 1);
  return name.size() + 1 >= known.size() && name.starts_with(known.substr(0, star)) &&
         name.ends_with(end);
}

std::string_view without_separators(std::string_view name) {
  const std::size_t last = name.find_last_not_of(kSeparators);
  return name.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// A name without the mark of a copy at its end, such as "~", ".bak", ".1", "2" or " (copy)"; the
/// same where it has none.
std::string_view without_mark(std::string_view name) {
  if (const std::size_t open = name.rfind('('); name.ends_with(')') && open != name.npos) {
    return without_separators(name.substr(0, open));
  }
  const std::size_t last = name.find_last_not_of("0123456789");
  if (last != name.npos && last + 1 < name.size()) {
    return without_separators(name.substr(0, last + 1));
  }
  for (const std::string_view copy : kCopies) {
    if (!name.ends_with(copy)) continue;
    const std::string_view rest = name.substr(0, name.size() - copy.size());
    const bool is_word = copy.front() != 'c' || without_separators(rest).size() < rest.size();
    if (is_word) return without_separators(rest);
  }
  return name;
}

/// A name and those that it may be a copy of: "credentials (1).json.bak" may be one of
/// "credentials (1).json" and of "credentials.json".
std::vector<std::string> originals(std::string_view name) {
  std::vector<std::string> names{std::string(name)};
  const auto add = [&names](std::string_view stem, std::string_view ending) {
    for (std::string_view shorter = without_mark(stem); shorter != stem && !shorter.empty();
         shorter = without_mark(stem)) {
      stem = shorter;
      names.push_back(std::string(stem).append(ending));
    }
  };
  add(name, "");
  const std::string last = names.back();
  if (const std::size_t stop = last.rfind('.'); stop != std::string::npos && stop > 0) {
    add(std::string_view(last).substr(0, stop), std::string_view(last).substr(stop));
  }
  return names;
}

bool is_shared_word(std::string_view word) {
  return std::find(kSharedWords.begin(), kSharedWords.end(), word) != kSharedWords.end();
}

/// ".env", ".env.local", ".env-prod", ".envrc.old" and "prod.env", but neither ".env.example" nor
/// "example.env".
bool is_environment(std::string_view name) {
  const std::string_view last = name.substr(name.find_last_of(kSeparators) + 1);
  if (name.starts_with(".envrc")) return !is_shared_word(last);
  if (name.ends_with(".env")) return !is_shared_word(name.substr(0, name.find('.')));
  const bool begins = name.starts_with(".env") && name.size() > 4 &&
                      kSeparators.find(name[4]) != std::string_view::npos;
  return begins && !is_shared_word(last);
}

/// What a shell, a database's client or another program remembers of what was typed.
bool is_history(std::string_view name) {
  return name.starts_with('.') && (name.ends_with("_history") || name.ends_with("-history"));
}

bool is_credential(std::string_view name, bool is_last) {
  const auto is_it = [name, is_last](std::string_view known) {
    return (is_last || known.starts_with('.')) && matches_name(known, name);
  };
  return std::any_of(kCredentialNames.begin(), kCredentialNames.end(), is_it) || is_history(name);
}

/// `is_last`: it is the name of the file, not of a folder on the way.
bool holds_credentials(std::string_view name, bool is_last) {
  if (name.empty()) return false;
  const std::vector<std::string> names = originals(name);
  return is_environment(names.back()) ||
         std::any_of(names.begin(), names.end(), [is_last](const std::string& original) {
           return is_credential(original, is_last);
         });
}

/// Whether a path, with a slash at both ends, has one of the paths of the table in it.
bool has_known_path(std::string_view whole) {
  return std::any_of(kCredentialPaths.begin(), kCredentialPaths.end(),
                     [whole](std::string_view known) {
                       for (std::size_t at = whole.find(known); at != std::string_view::npos;
                            at = whole.find(known, at + 1)) {
                         if (whole[at - 1] == '/' && whole[at + known.size()] == '/') return true;
                       }
                       return false;
                     });
}

}  // namespace

bool has_credentials(std::string_view path) {
  std::string whole = "/";
  std::transform(path.begin(), path.end(), std::back_inserter(whole), small_letter);
  const std::size_t name = whole.rfind('/') + 1;
  for (const std::string& original : originals(std::string_view(whole).substr(name))) {
    if (has_known_path(whole.substr(0, name) + original + "/")) return true;
  }
  std::string_view rest = whole;
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const bool is_last = slash == std::string_view::npos;
    if (holds_credentials(rest.substr(0, slash), is_last)) return true;
    if (is_last) break;
    rest.remove_prefix(slash + 1);
  }
  return false;
}

std::span<const std::string_view> credential_names() { return kCredentialNames; }

std::span<const std::string_view> credential_paths() { return kCredentialPaths; }

}  // namespace chatvim::embed
