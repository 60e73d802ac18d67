// SPDX-License-Identifier: Apache-2.0
#include "credentials.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "path.hpp"

namespace chatvim::embed {
namespace {

// Small letters: names are compared in either case, as some file systems do.

// clang-format off
/// Files and folders that usually hold credentials, or a history of what was typed.
constexpr std::array<std::string_view, 85> kCredentialNames = {
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
    "credentials.json", "client_secret.json", "client_secrets.json", "service-account.json",
    "secrets.json", "secrets.toml", "secrets.yaml", "secrets.yml", "terraform.tfvars",
    "wp-config.php", "wallet.dat"};

/// The same, if a name alone does not say it.
constexpr std::array<std::string_view, 34> kCredentialPaths = {
    ".docker/config.json", ".config/gcloud", ".config/gh", ".config/glab-cli", ".config/hub",
    ".config/op", ".config/rclone", ".config/sops", ".config/doctl", ".config/stripe",
    ".config/git/credentials", ".config/google-chrome", ".config/chromium", ".config/bravesoftware",
    ".local/share/keyrings", ".local/share/kwalletd", "library/keychains", ".cargo/credentials",
    ".cargo/credentials.toml", ".gem/credentials", ".m2/settings.xml", ".gradle/gradle.properties",
    ".composer/auth.json", ".codex/auth.json", ".cache/huggingface/token", ".huggingface/token",
    ".dbt/profiles.yml", ".git/config", ".git/modules", ".git/worktrees", ".hg/hgrc", ".svn/auth",
    "etc/shadow", "etc/gshadow"};
// clang-format on

/// Endings of a name ".env" that is made to be shared.
constexpr std::array<std::string_view, 5> kSharedEndings = {"example", "sample", "template", "dist",
                                                            "defaults"};

/// Endings that editors and people give to a copy.
constexpr std::array<std::string_view, 7> kCopies = {"~",    ".bak",  ".old", ".orig",
                                                     ".new", ".save", ".swp"};

char small_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// ".env", ".env.local", ".env-prod", ".envrc.old" and "prod.env", but not ".env.example".
bool is_environment(std::string_view name) {
  if (name.ends_with(".env") || name.starts_with(".envrc")) return true;
  const bool begins = name.starts_with(".env") && name.size() > 4 &&
                      (name[4] == '.' || name[4] == '-' || name[4] == '_');
  if (!begins) return false;
  const std::string ending = ending_of(name);
  return std::find(kSharedEndings.begin(), kSharedEndings.end(), ending) == kSharedEndings.end();
}

/// What a shell, a database's client or another program remembers of what was typed.
bool is_history(std::string_view name) {
  return name.starts_with('.') && (name.ends_with("_history") || name.ends_with("-history"));
}

bool holds_credentials(std::string_view name) {
  for (const std::string_view copy : kCopies) {
    if (name.size() > copy.size() && name.ends_with(copy)) name.remove_suffix(copy.size());
  }
  return std::find(kCredentialNames.begin(), kCredentialNames.end(), name) !=
             kCredentialNames.end() ||
         is_environment(name) || is_history(name);
}

}  // namespace

bool has_credentials(std::string_view path) {
  std::string whole = "/";
  std::transform(path.begin(), path.end(), std::back_inserter(whole), small_letter);
  whole += '/';
  const auto is_in = [&whole](std::string_view known) {
    for (std::size_t at = whole.find(known); at != std::string::npos;
         at = whole.find(known, at + 1)) {
      if (whole[at - 1] == '/' && whole[at + known.size()] == '/') return true;
    }
    return false;
  };
  if (std::any_of(kCredentialPaths.begin(), kCredentialPaths.end(), is_in)) return true;
  std::string_view rest = whole;
  while (!rest.empty()) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    if (holds_credentials(rest.substr(0, slash))) return true;
    rest.remove_prefix(std::min(slash + 1, rest.size()));
  }
  return false;
}

std::span<const std::string_view> credential_names() { return kCredentialNames; }

std::span<const std::string_view> credential_paths() { return kCredentialPaths; }

}  // namespace chatvim::embed
