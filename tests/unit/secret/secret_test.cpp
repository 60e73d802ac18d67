// SPDX-License-Identifier: Apache-2.0
#include <rapidcheck.h>

#include <chrono>

#include "chatvim/secret/search.hpp"
#include "embed_support.hpp"
#include "property.hpp"

namespace chatvim::secret {
namespace {

using namespace testing::embed;
using Keys = std::vector<std::pair<std::string, std::string>>;

// Keys are split into pieces, so that secret scanners do not flag this file.
const std::string kBegin = "-----BEGIN ";
const std::string kPrivate = kBegin + "OPENSSH PRIVATE KEY-----\n" + std::string(70, 'A') + "\n" +
                             std::string(70, 'B') + "\n-----END OPENSSH PRIVATE KEY-----\n";
const std::string kLetters = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ2bC4dF6hJ8kL0nP2rS4tV6";
const std::string kHex = "0123456789abcdef0f1e2d3c4b5a69788796a5b4c3d2e1f00123456789abcdef";

std::vector<std::string> found(const std::string& text) {
  std::vector<std::string> what;
  for (const auto& one : SecretFinder(Keys{}).find(text)) what.push_back(one.what);
  return what;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("well-known keys are found", "[embed]") {
  const std::vector<std::pair<std::string, std::string>> keys = {
      {"AKIA" + std::string("Q3EGRIZ7N5LK2WPD"), "an AWS access key"},
      {"ghp_" + kLetters.substr(0, 36), "a GitHub token"},
      {"github_pat_" + kLetters + "_" + kLetters.substr(0, 20), "a GitHub token"},
      {"glpat-" + kLetters.substr(0, 20), "a GitLab token"},
      {"xoxb-" + std::string("123456789012-") + kLetters.substr(0, 24), "a Slack token"},
      {"sk_live_" + kLetters.substr(0, 24), "a Stripe key"},
      {"sk-" + kLetters, "an OpenAI key, or one like it"},
      {"sk-proj-" + kLetters + "_-" + kLetters, "an OpenAI key"},
      {"sk-ant-" + std::string("api03-") + kLetters + kLetters, "an Anthropic key"},
      {"sk-or-v1-" + kHex, "an OpenRouter key"},
      {"AIza" + kLetters.substr(0, 35), "a Google key"},
      {"hf_" + kLetters.substr(0, 34), "a Hugging Face token"},
      {"npm_" + kLetters.substr(0, 36), "an npm token"},
      {"pypi-AgE" + kLetters + kLetters, "a PyPI token"},
      {"SG." + kLetters.substr(0, 22) + "." + kLetters.substr(0, 43), "a SendGrid key"},
      {"SK" + kHex.substr(0, 32), "a Twilio key"},
      {"dop_v1_" + kHex, "a DigitalOcean token"},
      {"AccountKey=" + kLetters + kLetters.substr(0, 38) + "==", "an Azure storage key"},
      {"gsk_" + kLetters, "a Groq key"},
      {"AGE-SECRET-KEY-1" +
           std::string("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE"),
       "a private key of age"},
      {"eyJ" + std::string("hbGciOiJIUzI1NiJ9.eyJ") + "zdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmN",
       "a JSON web token"},
      {"MTk4NjIyNDgzNDcxOTI1MjQ4" + std::string(".Cl2FMQ.") + kLetters.substr(0, 27),
       "a Discord token"},
      {"110201543:AA" + kLetters.substr(0, 33), "a Telegram token"},
      {"Abc8Q~" + kLetters.substr(0, 34), "an Azure client secret"},
      {kPrivate, "a private key"},
      {kBegin + "PRIVATE KEY-----\\nMIIE", "a private key"},
      {kBegin + "PGP PRIVATE KEY BLOCK-----\n\nlQVYBF\n", "a private key"},
      {"PuTTY-User-Key-File-" + std::string("3: ssh-ed25519\nEncryption: none\n"), "a private key"},
  };
  for (const auto& [key, what] : keys) {
    INFO(key);
    CHECK(found(key) == Words{what});
    CHECK(found("KEY=" + key) == Words{what});
    CHECK(found("  \"" + key + "\",\n") == Words{what});
  }
}

TEST_CASE("secrets with a name or an address before them are found", "[embed]") {
  const std::string value = kLetters.substr(0, 40);
  const std::vector<std::pair<std::string, std::string>> texts = {
      {"url = https://me:s3cr3t-Word@github.com/x/y.git", "a password in an address"},
      {"postgres://app:hunter42@db/app", "a password in an address"},
      {"https://" + kLetters.substr(0, 30) + "@example.org/x", "a password in an address"},
      {"aws_secret_access_key = " + value, "a secret key"},
      {"AWS_SECRET_ACCESS_KEY=\"" + value + "\"", "a secret key"},
      {"\"SecretAccessKey\": \"" + value + "\"", "a secret key"},
      {"SharedAccessKey=" + kLetters.substr(0, 43) + "=", "a secret key"},
      {"AZURE_OPENAI_API_KEY=" + kHex.substr(0, 32), "a secret key"},
      {"export SLACK_TOKEN='" + kLetters.substr(0, 24) + "'", "the value of a secret variable"},
      {"DB_PASSWORD=" + kLetters.substr(0, 16), "the value of a secret variable"},
      {"db_password=" + kLetters.substr(0, 16), "the value of a secret variable"},
      {"github_token: " + kLetters.substr(0, 24), "the value of a secret variable"},
      {"clientSecret: \"" + kLetters.substr(0, 24) + "\"", "the value of a secret variable"},
      {"Server=db;User Id=me;Password=hunter42;", "a password in a connection string"},
      {"?sv=2024&si" + std::string("g=") + kLetters.substr(0, 42) + "%3D", "an Azure signature"},
      {"https://discord.com/api/webhooks/123456789012345678/" + kLetters + kLetters.substr(0, 20),
       "a Discord webhook"}};
  for (const auto& [text, what] : texts) {
    INFO(text);
    CHECK(found("one\n" + text + "\nthree") == Words{what});
  }
}

TEST_CASE("values of variables named like secrets are found in every notation", "[embed]") {
  const std::string token = kLetters.substr(0, 20);
  for (const std::string& password : Words{"hunter42", "Tr0ub4dor+3", "Hunt!erX"}) {
    for (std::string text :
         {"PASSWORD=$", "export PASSWORD=$", "PASSWD='$'", "password: $", "  password: \"$\"",
          "\"password\": \"$\",", "db.password=$", "DB_PWD=$", "MYSQL_ROOT_PASSWORD: '$'",
          "<password>$</password>", "{\\\"password\\\": \\\"$\\\"}",
          "os.environ[\"DB_PASSWORD\"] = \"$\"", "  - --password=$ x", "ssh-passphrase: $ # mine",
          "?user=me&password=$&x=1"}) {
      text.replace(text.find('$'), 1, password);
      INFO(text);
      text = "one\n" + text + "\nthree";
      const auto secrets = SecretFinder(Keys{}).find(text);
      REQUIRE(secrets.size() == 1);
      CHECK(secrets[0].what == "the value of a secret variable");
      CHECK(secrets[0].text == password);
    }
  }
  for (const std::string before : {"TOKEN=",
                                   "token: ",
                                   "\"token\": \"",
                                   "AUTHTOKEN=",
                                   "token = ",
                                   "accessToken: '",
                                   "SECRET=",
                                   "secret: ",
                                   "CLIENT_SECRET=",
                                   "client-secret = \"",
                                   "APP_SECRET: \"",
                                   "API_KEY=",
                                   "APIKEY=",
                                   "apikey: ",
                                   "\"apiKey\": \"",
                                   "api-key = ",
                                   "ACCESS_KEY=",
                                   "accessKey: '",
                                   "SECRET_KEY = '",
                                   "X-Api-Key: ",
                                   "-H 'x-api-key: ",
                                   "ENCRYPTION_KEY=",
                                   "Authorization: Bearer ",
                                   "-H \"authorization: bearer ",
                                   "Authorization: Basic ",
                                   "?access_token="}) {
    INFO(before);
    const std::string end = before.find('\'') != std::string::npos ? "'"
                            : before.ends_with('"')                ? "\""
                                                                   : "";
    const std::string ended = before.find("-H \"") == 0 ? "\"" : end;
    const std::string lines = "one\n" + before + token + ended + "\nthree";
    const auto secrets = SecretFinder(Keys{}).find(lines);
    REQUIRE(secrets.size() == 1);
    CHECK(secrets[0].text == token);
  }
}

TEST_CASE("placeholders and code that reads secrets are not reported", "[embed]") {
  for (const std::string text : {"PASSWORD=",
                                 "PASSWORD=changeme",
                                 "PASSWORD=change-me-2024",
                                 "PASSWORD=xxxxxxxx1",
                                 "PASSWORD=<your password1>",
                                 "PASSWORD=${DB_PASSWORD1}",
                                 "PASSWORD=$(pass show db1)",
                                 "password: \"{{ vault_db_1 }}\"",
                                 "password = os.environ[\"DB_PASSWORD1\"]",
                                 "password = get_password1()",
                                 "password = read(path2)",
                                 "password = user.pw1234",
                                 "password = argument2",
                                 "password: string1[]",
                                 "password: options.value2,",
                                 "if password == other_value2 then",
                                 "\"password\": \"Passwort\"",
                                 "password: 'must have 8 characters'",
                                 "<input type=\"password\" id=\"login2form\">",
                                 "<label for=\"password\">abcdefg1</label>",
                                 "PWD=/home/user1",
                                 "OLD_PWD=/home/user1",
                                 "password=$1abcdefgh",
                                 "DB_PASSWORD=/run/secrets/db1",
                                 "password = 12345678",
                                 "token = next()",
                                 "TOKEN=<your token>",
                                 "TOKEN=${GITHUB_TOKEN_OF_2024}",
                                 "token = tokens_of_next_page_2",
                                 "local token = stream.read_token_2(x)",
                                 "token: 'a-name-of-some-thing-2'",
                                 "nextPageToken: 'aB3dE5gH7jK9mN1pQ3sT5'",
                                 "token == 'short1'",
                                 "tokens = aB3dE5gH7jK9mN1pQ3sT5",
                                 "broken = aB3dE5gH7jK9mN1pQ3sT5",
                                 "secret: my-registry-credentials-2",
                                 "API_KEY=$OPENAI_API_KEY_NUMBER_2",
                                 "apiKey: process.env.OPENAI_API_KEY_2",
                                 "monkey = aB3dE5gH7jK9mN1pQ3sT5",
                                 "Authorization: Bearer $TOKEN",
                                 "Authorization: Bearer <token-1234567890123>",
                                 "Bearer of a ring",
                                 "Basic aB3dE5gH7jK9mN1pQ3sT5",
                                 "X-Api-Key: ${KEY}",
                                 "https://user:${PASS}@host",
                                 "https://${USER}:x@host"}) {
    INFO(text);
    CHECK(found(text).empty());
    CHECK(found("one\n  " + text + "\nthree").empty());
  }
}

TEST_CASE("addresses and names without a secret are not reported", "[embed]") {
  for (const std::string& text :
       {std::string("https://example.org/a@b"), std::string("git@github.com:a/b.git"),
        std::string("https://user@example.org"), std::string("https://user:password@host"),
        std::string("postgres://user:${PASSWORD}@host"), std::string("ftp://u:<pass>@host"),
        std::string("https://[::1]:80/@x"), std::string("AWS_SECRET_ACCESS_KEY=your-key"),
        std::string("API_KEY = os.environ[\"API_KEY\"]"), std::string("MAX_TOKEN = 1000"),
        std::string("aws_secret_access_key = "), std::string("Server=x;Password={0};"),
        std::string("12:30:AABB"), std::string("eyJhbGciOi.eyJ"), std::string("MTk4NjIy.Cl2FMQ.x"),
        std::string("x_key = y"),
        std::string("private_key = ed25519.Ed25519PrivateKey.from_private_bytes(secret)"),
        std::string("api_key = read_api_key_of_version_2(path)")}) {
    INFO(text);
    CHECK(found(text).empty());
  }
}

TEST_CASE("a text of unfinished secrets is searched in linear time", "[embed]") {
  for (const std::string piece :
       {"_KEY", "_KEY=", "_TOKEN=", "password:", "Bearer ", "apikey='", "<secret>", "9Q~", "eyJ.",
        "://a:b", "&sig=", "MT.", "1:AA", "sKey"}) {
    std::string text;
    while (text.size() < 2'000'000) text += piece;
    const auto start = std::chrono::steady_clock::now();
    found(text);
    // Quadratic time would take hours.
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
  }
}

TEST_CASE("text that only resembles a key is not reported", "[embed]") {
  for (const std::string& text :
       {"AKIA" + std::string("IOSFODNN7EXAMPLE"), "sk-" + std::string(48, 'x'),
        std::string("sk-some-long-name-of-a-class-in-a-style-sheet"),
        std::string("task-") + kLetters, "my_ghp_" + kLetters.substr(0, 36),
        "ghp_" + kLetters.substr(0, 20), "SK" + kHex, std::string("sk-your-key-here"),
        "`" + kBegin + "PRIVATE KEY-----`", "\"" + kBegin + "RSA PRIVATE KEY-----\"",
        kBegin + "PUBLIC KEY-----\nMIIB\n", kBegin + "CERTIFICATE-----\nMIIB\n",
        kBegin + "PRIVATE KEY-----\n\n" + "-----END PRIVATE KEY-----", kBegin, std::string("--"),
        std::string("hf_model_name_that_is_long_and_has_no_digits"),
        std::string("PuTTY is a program"), std::string(2000, '-'), std::string()}) {
    INFO(text);
    CHECK(found(text).empty());
  }
}

TEST_CASE("the user's own keys are found", "[embed]") {
  const SecretFinder finder(
      Keys{{"the key of openai", "my own key!"}, {"short", "short"}, {"no", ""}});
  const auto secrets = finder.find("x\nshort\n  xmy own key!x my own key\nmy own key!");
  REQUIRE(secrets.size() == 2);
  CHECK(secrets[0].what == "the key of openai");
  CHECK(secrets[0].line == 3);
  CHECK(secrets[1].line == 4);
}

TEST_CASE("a secret is reported with its position until it is confirmed", "[embed]") {
  const Folder folder;
  const std::string aws = "AKIA" + std::string("Q3EGRIZ7N5LK2WPD");
  const std::string other = "AKIA" + std::string("Z3EGRIZ7N5LK2WPD");
  folder.write("a.txt", "one\nkey = " + aws + "\nkey = " + other + "\n");
  folder.write("src/b.txt", aws);
  Context context = context_of(folder);
  const Expansion first = embed::expand(
      {Message{Role::kUser, "hi\n![](a.txt)\n![](src/)\n![](src/*.txt)", 7}}, context);
  REQUIRE(first.secrets.size() == 3);
  CHECK(first.secrets[0].what == "an AWS access key");
  CHECK(first.secrets[0].file == "a.txt");
  CHECK(first.secrets[0].file_line == 2);
  CHECK(first.secrets[0].target == "a.txt");
  CHECK(first.secrets[0].line == 8);
  CHECK(first.secrets[1].file_line == 3);
  CHECK(first.secrets[2].file == "src/b.txt");
  CHECK(first.secrets[2].target == "src/");
  std::set<std::string> marks;
  for (const auto& secret : first.secrets) {
    marks.insert(secret.mark);
    CHECK(secret.mark.size() == 32);
    CHECK(secret.mark.find("Q3EG") == std::string::npos);
  }
  CHECK(marks.size() == 3);

  context.confirmed = {first.secrets[0].mark};
  const Expansion second = expand_text("![](a.txt)\n![](src/)", context);
  REQUIRE(second.secrets.size() == 2);
  CHECK(second.secrets[0].file_line == 3);
  CHECK(second.secrets[1].file == "src/b.txt");
  context.confirmed = marks;
  CHECK(expand_text("![](a.txt)\n![](src/)", context).secrets.empty());
  // The mark depends on the key, not on its line number; another key has another mark.
  folder.write("a.txt", "\n\n\nkey = " + aws + "\n");
  CHECK(expand_text("![](a.txt)", context).secrets.empty());
  folder.write("a.txt", "key = AKIA" + std::string("Y3EGRIZ7N5LK2WPD"));
  CHECK(expand_text("![](a.txt)", context).secrets.size() == 1);
}

TEST_CASE("an embedded range is searched, and any part of a private key counts", "[embed]") {
  const Folder folder;
  folder.write("key", "before\n" + kPrivate + "after\nAKIA" + "Q3EGRIZ7N5LK2WPD\n");
  const Context context = context_of(folder);
  CHECK(expand_target("key#L1", context).secrets.empty());
  REQUIRE(expand_target("key#L3-L3", context).secrets.size() == 1);
  CHECK(expand_target("key#L3-L3", context).secrets[0].file == "key");
  CHECK(expand_target("key#L5", context).secrets.size() == 1);
  CHECK(expand_target("key#L6", context).secrets.empty());
  CHECK(expand_target("key#L6-L7", context).secrets.size() == 1);
  CHECK(expand_target("key", context).secrets.size() == 2);
}

TEST_CASE("at most fifty secrets are listed", "[embed]") {
  const Folder folder;
  std::string text;
  for (int i = 10; i < 99; ++i)
    text += "AKIA" + std::string("Q3EGRIZ7N5LK2W") + std::to_string(i) + "\n";
  folder.write("a.txt", text);
  CHECK(expand_target("a.txt", context_of(folder)).secrets.size() == 50);
}

TEST_CASE("any bytes can be searched", "[embed]") {
  const SecretFinder finder(Keys{{"mine", "mine mine"}});
  CHECK(testing::holds("any text", 1000, [&] {
    const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
        "-----", "BEGIN ", "PRIVATE KEY", "-----END ", "\n", "AKIA", "SK", "sk-",
        "Q3EGRIZ7N5LK2WPD", "mine ", "mine", "\xFF", "ghp_", "0123456789abcdef",
        "PuTTY-User-Key-File-", "2:", " ", "://a:bcdef@", "1234567890:AA", "_KEY=", "9Q~", ";Pwd=",
        "pass"
        "word: ",
        "TOKEN", "=", "\"", "Bearer ", "aB3dE5gH7jK9mN1pQ3sT5vW7yZ2bC4dF6"));
    std::string text;
    for (const auto& piece : pieces) text += piece;
    std::size_t last = 0;
    const char* end = text.data();
    for (const auto& one : finder.find(text)) {
      RC_ASSERT(one.text.data() >= end);
      end = one.text.data() + one.text.size();
      RC_ASSERT(one.line >= last);
      RC_ASSERT(one.last_line >= one.line);
      last = one.line;
    }
  }));
}

}  // namespace chatvim::secret
