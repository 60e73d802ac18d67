// SPDX-License-Identifier: Apache-2.0
// Which files a chat may embed without asking the user, and the reason for asking about others.
#include <functional>

#include "embed/credentials.hpp"
#include "embed_support.hpp"

namespace chatvim::embed {
namespace {

using namespace testing::embed;
using Paths = std::vector<std::string>;
using Reason = Outside::Reason;

/// Returns the context of a chat in a subfolder of the test's folder.
Context context_in(const Folder& folder, const std::string& where) {
  Context context = context_of(folder);
  context.file = folder.path(where + "/chat.md");
  context.working_folder = folder.path(where);
  return context;
}

Reason reason_for(const std::string& target, const Context& context) {
  const Expansion expansion = expand_target(target, context);
  REQUIRE(expansion.outside.size() == 1);
  return expansion.outside[0].reason;
}

/// The real file system, except that it calls a function right before opening a file or folder.
class Racing final : public files::Files {
 public:
  explicit Racing(std::function<void()> before) : before_(std::move(before)) {}
  Result<files::Entry> look(const std::string& path) const override { return real().look(path); }
  Result<std::string> resolve(const std::string& path) const override {
    return real().resolve(path);
  }
  Result<std::string> read(const std::string& path, std::uint64_t most) const override {
    if (!path.ends_with(".gitignore")) before_();
    return real().read(path, most);
  }
  Result<std::vector<files::Name>> list(const std::string& path, std::size_t most) const override {
    before_();
    return real().list(path, most);
  }

 private:
  static const files::Files& real() { return files::system_files(); }
  std::function<void()> before_;
};

}  // namespace

TEST_CASE("the home folder and its parents do not count as a chat's folder", "[embed]") {
  const Folder folder;
  folder.write("home/notes.txt", "N");
  folder.write("home/.hidden", "H");
  folder.write("home/project/a.txt", "A");
  folder.write("home/.ssh/id_ed25519", "K");
  for (const std::string where : {"home", "."}) {
    Context context = context_in(folder, where);
    context.environment = environment({{"HOME", folder.path("home")}});
    for (const std::string name : {"home/notes.txt", "home/.hidden", "home/project/a.txt"}) {
      CHECK(reason_for(folder.path(name), context) == Reason::kHome);
    }
    CHECK(asked(expand_target(folder.path("home"), context)).size() == 1);
    CHECK(asked(expand_target(folder.path("home") + "/*.txt", context)).size() == 1);
    CHECK(reason_for("~/.ssh/id_ed25519", context) == Reason::kCredentials);
  }
  Context context = context_in(folder, "home");
  context.environment = environment({{"HOME", folder.path("home")}});
  context.working_folder = folder.path("home/project");
  CHECK(text_of("project/a.txt", context) == "project/a.txt\n```\nA\n```");
  context.allowed = {"~"};
  CHECK(text_of(".hidden", context) == ".hidden\n```\nH\n```");
  CHECK(asked(expand_target("~/.ssh/id_ed25519", context)).size() == 1);
  context.allowed = {"~/.ssh/id_ed25519"};
  CHECK(text_of("~/.ssh/id_ed25519", context) == "~/.ssh/id_ed25519\n```\nK\n```");
}

TEST_CASE("without a home folder no folder counts as a chat's folder", "[embed]") {
  const Folder folder;
  folder.write("a.txt", "A");
  for (const std::map<std::string, std::string>& variables :
       {std::map<std::string, std::string>{}, {{"HOME", ""}}, {{"HOME", "relative"}}}) {
    Context context = context_of(folder);
    context.environment = environment(variables);
    CHECK(reason_for("a.txt", context) == Reason::kNoHome);
    context.allowed = {folder.path("a.txt")};
    CHECK(text_of("a.txt", context) == "a.txt\n```\nA\n```");
  }
}

TEST_CASE("a world-writable folder does not count as a chat's folder", "[embed]") {
  const Folder folder;
  folder.write("shared/a.txt", "A");
  folder.write("shared/mine/b.txt", "B");
  fs::permissions(folder.path("shared"), fs::perms::all);
  const Context context = context_in(folder, "shared");
  CHECK(reason_for("a.txt", context) == Reason::kShared);
  CHECK(asked(expand_target("*.txt", context)).size() == 1);
  CHECK(text_of("b.txt", context_in(folder, "shared/mine")) == "b.txt\n```\nB\n```");
}

TEST_CASE("an allowed path no longer counts once it is a link", "[embed]") {
  const Folder folder;
  folder.write("home/.ssh/key", "K");
  folder.write("home/private/p.txt", "P");
  folder.write("out/docs/a.txt", "A");
  folder.make("chat");
  Context context = context_in(folder, "chat");
  context.environment = environment({{"HOME", folder.path("home")}});
  context.allowed = {folder.path("out/docs"), folder.path("out/docs/a.txt"),
                     folder.path("out/docs/")};
  CHECK(text_of("../out/docs/a.txt", context).find("A") != std::string::npos);
  for (const std::string to : {"../home/.ssh", "../home/private"}) {
    fs::remove_all(folder.path("out/docs"));
    folder.link("out/docs", to);
    const std::string name = to == "../home/.ssh" ? "key" : "p.txt";
    CHECK(asked(expand_target("../out/docs/" + name, context)).size() == 1);
    CHECK(asked(expand_target("../out/docs", context)).size() == 1);
  }
  // A link in the parent path counts too.
  folder.write("home/private/docs/a.txt", "secret");
  fs::remove_all(folder.path("out"));
  folder.link("out", "home/private");
  CHECK(asked(expand_target("../out/docs/a.txt", context)).size() == 1);
  // Links that the system put in the path to the home folder do not count.
  folder.link("linked-home", "home");
  context.environment = environment({{"HOME", folder.path("linked-home")}});
  context.allowed = {folder.path("linked-home/private/p.txt"), "~/private/docs"};
  CHECK(text_of("~/private/p.txt", context).find("P") != std::string::npos);
  CHECK(text_of("~/private/docs/a.txt", context).find("secret") != std::string::npos);
}

TEST_CASE("credential files need permission in every folder and in any case", "[embed]") {
  const Folder folder;
  for (const std::string name : {".env",
                                 ".env.local",
                                 ".ENV",
                                 "prod.env",
                                 ".Env-Prod",
                                 ".ssh/config",
                                 ".SSH/config",
                                 "sub/.aws/credentials",
                                 ".netrc",
                                 ".netrc~",
                                 ".netrc.bak",
                                 ".git-credentials",
                                 ".config/gh/hosts.yml",
                                 "x/.npmrc",
                                 ".bash_history",
                                 ".zsh_history",
                                 ".psql_history",
                                 ".git/config",
                                 "sub/.git/config",
                                 ".GIT/CONFIG",
                                 ".git/modules/x/config",
                                 ".hg/hgrc",
                                 "id_rsa",
                                 "ID_ED25519",
                                 ".docker/config.json",
                                 "secrets.yaml",
                                 ".codex/auth.json",
                                 "terraform.tfvars",
                                 ".viminfo"}) {
    folder.write(name, "x");
    INFO(name);
    CHECK(reason_for(name, context_of(folder)) == Reason::kCredentials);
    CHECK(asked(expand_target(name, context_of(folder))) == Paths{folder.path(name)});
  }
  for (const std::string name : {".env.example", ".gitignore", "environment.txt", "id_rsa.pub",
                                 "config", "history.md", "docs/secrets.md", ".git/HEAD"}) {
    folder.write(name, "x");
    INFO(name);
    CHECK(asked(expand_target(name, context_of(folder))).empty());
  }
}

TEST_CASE("copies and typical file names are recognized as credentials", "[embed]") {
  for (const std::string name : {".netrc.1",
                                 ".netrc2",
                                 ".env1",
                                 ".env.bak",
                                 ".env~",
                                 ".env (copy)",
                                 ".env.2024-05-01",
                                 ".envrc.old",
                                 ".npmrc.txt",
                                 "id_rsa.old",
                                 "id_rsa_backup",
                                 "id_ed25519 (copy)",
                                 "id_ed25519 - Copy (2)",
                                 "id_ed25519.1",
                                 "service_account.json",
                                 "service-account-prod.json",
                                 "serviceAccountKey.json",
                                 "application_default_credentials.json",
                                 "credentials",
                                 "credentials.json",
                                 "credentials (1).json",
                                 "credentials-2.json.bak",
                                 "client_secret.json",
                                 "client_secret_123.apps.googleusercontent.com.json",
                                 "auth.json",
                                 ".git-credentials.1",
                                 ".pgpass.txt",
                                 ".docker/config.json",
                                 ".docker/config.json.bak",
                                 ".kube/config",
                                 "kubeconfig",
                                 "kubeconfig.old",
                                 "a.kdbx",
                                 "a.p12",
                                 "A.PFX",
                                 "a.jks",
                                 "debug.keystore",
                                 "home.ovpn",
                                 ".htpasswd",
                                 "wp-config.php",
                                 "wp-config.php~",
                                 "terraform.tfstate",
                                 "terraform.tfstate.backup",
                                 "terraform.tfvars",
                                 "prod.auto.tfvars",
                                 "secrets.yml",
                                 "secrets.yaml",
                                 "secrets.toml",
                                 "secrets.json",
                                 ".vault-token",
                                 "gh/hosts.yml",
                                 ".aws/sso/cache/x",
                                 ".azure/x",
                                 ".config/gcloud/x/y"}) {
    INFO(name);
    CHECK(has_credentials(name));
    CHECK(has_credentials("/a/b/" + name));
  }
  for (const std::string name :
       {".env.example", ".env.sample", ".env.template", ".env.local.example", ".env-sample",
        ".env.example.bak", "example.env", "id_rsa.pub", "credentials.cpp", "credentials.md",
        "auth.js", "auth.json.md", "secrets.md", "hosts.yml", "environment.yml", ".envoy.yaml",
        "config.json", "copy", "(1)", "1", "terraform.tfvars.example", "wp-config-sample.php",
        // A source code folder.
        "src/credentials/read.cpp", "src/credentials/", "src/id_rsa/", ""}) {
    INFO(name);
    CHECK_FALSE(has_credentials(name));
    CHECK_FALSE(has_credentials("/a/b/" + name));
  }
}

TEST_CASE("a folder named like a credential file may be embedded", "[embed]") {
  const Folder folder;
  folder.write("src/credentials/read.cpp", "R");
  folder.write("src/credentials/credentials", "no");
  const Context context = context_of(folder);
  CHECK(expand_target("src/credentials", context).outside.empty());
  const std::string text = text_of("src", context);
  CHECK(text.find("R\n") != std::string::npos);
  CHECK(text.find("no\n") == std::string::npos);
  CHECK(text.find("credentials (not sent: it may hold credentials)") != std::string::npos);
  CHECK(text_of("src/credentials/*.cpp", context).find("R") != std::string::npos);
}

TEST_CASE("a chat in a credential folder needs permission to embed its neighbours", "[embed]") {
  const Folder folder;
  folder.write(".ssh/notes.txt", "N");
  folder.write(".ssh/sub/more.txt", "M");
  Context context = context_in(folder, ".ssh");
  CHECK(reason_for("notes.txt", context) == Reason::kCredentials);
  CHECK(asked(expand_target("*.txt", context)).size() == 1);
  CHECK(asked(expand_target("sub", context)).size() == 1);
  context = context_in(folder, ".ssh/sub");
  CHECK(asked(expand_target("more.txt", context)).size() == 1);
  context.allowed = {folder.path(".ssh/sub")};
  CHECK(text_of("more.txt", context) == "more.txt\n```\nM\n```");
}

TEST_CASE("a folder that becomes a link while it is read yields nothing", "[embed]") {
  const Folder folder;
  folder.write("out/a.txt", "outside");
  folder.write("chat/in/a.txt", "inside");
  const Context context = context_in(folder, "chat");
  const Racing racing([&folder] {
    fs::remove_all(folder.path("chat/in"));
    folder.link("chat/in", "../out");
  });
  for (const std::string target : {"in/a.txt", "in", "in/*.txt", "in/**/*.txt"}) {
    fs::remove_all(folder.path("chat/in"));
    folder.write("chat/in/a.txt", "inside");
    const Expansion expansion = expand_text("![](" + target + ")", context, racing);
    INFO(target);
    CHECK(expansion.messages[0].content.find("outside") == std::string::npos);
  }
  CHECK_FALSE(files::system_files().read(folder.path("chat/in/a.txt"), 100));
  CHECK_FALSE(files::system_files().list(folder.path("chat/in"), 100));
}

}  // namespace chatvim::embed
