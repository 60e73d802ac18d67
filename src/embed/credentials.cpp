// SPDX-License-Identifier: Apache-2.0
#include "credentials.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <vector>

namespace chatvim::embed {
namespace {

// The tables are in lower case: names are compared case-insensitively, as some file systems do.

// clang-format off
/// Files and folders that usually hold credentials or a history of input. A `*` matches any
/// characters. Names that begin with a dot may be folders; the others are files.
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

/// The same, for names that are only recognizable together with their folder.
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

/// Words that mark an ".env" file as meant to be shared: the last word of ".env.example", or the
/// first of "example.env".
constexpr auto kSharedWords = std::to_array<std::string_view>(
    {"example", "sample", "template", "dist", "schema", "defaults"});

/// Suffixes that editors and users give to a copy, other than a number.
constexpr auto kCopies =
    std::to_array<std::string_view>({"~", ".bak", "_bak", ".old", "_old", ".orig", ".new", ".save",
                                     ".swp", ".backup", "_backup", "copy", ".txt"});
constexpr std::string_view kSeparators = " .-_";

char small_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Whether a name matches an entry of the table, which has at most one `*`.
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

/// Returns the name without a trailing mark of a copy, such as "~", ".bak", ".1", "2" or " (copy)";
/// unchanged if it has none.
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

/// Returns a name and the names that it may be a copy of: "credentials (1).json.bak" may be a copy
/// of "credentials (1).json" or of "credentials.json".
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

/// Whether a file holds environment variables: ".env", ".env.local", ".env-prod", ".envrc.old" and
/// "prod.env", but not ".env.example" or "example.env".
bool is_environment(std::string_view name) {
  const std::string_view last = name.substr(name.find_last_of(kSeparators) + 1);
  if (name.starts_with(".envrc")) return !is_shared_word(last);
  if (name.ends_with(".env")) return !is_shared_word(name.substr(0, name.find('.')));
  const bool begins = name.starts_with(".env") && name.size() > 4 &&
                      kSeparators.find(name[4]) != std::string_view::npos;
  return begins && !is_shared_word(last);
}

/// Whether a file is the input history of a shell, a database client or another program.
bool is_history(std::string_view name) {
  return name.starts_with('.') && (name.ends_with("_history") || name.ends_with("-history"));
}

bool is_credential(std::string_view name, bool is_last) {
  const auto is_it = [name, is_last](std::string_view known) {
    return (is_last || known.starts_with('.')) && matches_name(known, name);
  };
  return std::any_of(kCredentialNames.begin(), kCredentialNames.end(), is_it) || is_history(name);
}

/// `is_last` means that this is the name of the file, not of one of its folders.
bool holds_credentials(std::string_view name, bool is_last) {
  if (name.empty()) return false;
  const std::vector<std::string> names = originals(name);
  return is_environment(names.back()) ||
         std::any_of(names.begin(), names.end(), [is_last](const std::string& original) {
           return is_credential(original, is_last);
         });
}

/// Whether a path, with a slash at both ends, contains one of the paths in the table.
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
