// SPDX-License-Identifier: Apache-2.0
#include "chatvim/secret/shapes.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <string>

namespace chatvim::secret {
namespace {

/// The shapes are facts that the services tell, and that tools which search for keys agree on.
constexpr std::array kShapes = {
    SecretShape{"AKIA", Alphabet::kCapitals, 16, 16, "an AWS access key"},
    SecretShape{"ASIA", Alphabet::kCapitals, 16, 16, "an AWS access key"},
    SecretShape{"ABIA", Alphabet::kCapitals, 16, 16, "an AWS access key"},
    SecretShape{"ACCA", Alphabet::kCapitals, 16, 16, "an AWS access key"},
    SecretShape{"ABSK", Alphabet::kBase64, 100, 300, "an AWS Bedrock key"},
    SecretShape{"ghp_", Alphabet::kLetters, 36, 255, "a GitHub token"},
    SecretShape{"gho_", Alphabet::kLetters, 36, 255, "a GitHub token"},
    SecretShape{"ghu_", Alphabet::kLetters, 36, 255, "a GitHub token"},
    SecretShape{"ghs_", Alphabet::kLetters, 36, 255, "a GitHub token"},
    SecretShape{"ghr_", Alphabet::kLetters, 36, 255, "a GitHub token"},
    SecretShape{"github_pat_", Alphabet::kWord, 60, 255, "a GitHub token"},
    SecretShape{"glpat-", Alphabet::kDotted, 20, 320, "a GitLab token"},
    SecretShape{"gldt-", Alphabet::kWord, 20, 320, "a GitLab token"},
    SecretShape{"glrt-", Alphabet::kDotted, 20, 320, "a GitLab token"},
    SecretShape{"glptt-", Alphabet::kHex, 40, 40, "a GitLab token"},
    SecretShape{"GR1348941", Alphabet::kWord, 20, 20, "a GitLab token"},
    SecretShape{"xoxb-", Alphabet::kWord, 20, 300, "a Slack token"},
    SecretShape{"xoxp-", Alphabet::kWord, 20, 300, "a Slack token"},
    SecretShape{"xoxa-", Alphabet::kWord, 20, 300, "a Slack token"},
    SecretShape{"xoxe-", Alphabet::kWord, 20, 300, "a Slack token"},
    SecretShape{"xoxe.", Alphabet::kDotted, 20, 300, "a Slack token"},
    SecretShape{"xoxr-", Alphabet::kWord, 20, 300, "a Slack token"},
    SecretShape{"xoxs-", Alphabet::kWord, 20, 300, "a Slack token"},
    SecretShape{"xapp-", Alphabet::kWord, 20, 300, "a Slack token"},
    SecretShape{"hooks.slack.com/services/T", Alphabet::kPath, 36, 80, "a Slack webhook"},
    SecretShape{"sk_live_", Alphabet::kLetters, 16, 255, "a Stripe key"},
    SecretShape{"rk_live_", Alphabet::kLetters, 16, 255, "a Stripe key"},
    SecretShape{"sk_test_", Alphabet::kLetters, 16, 255, "a Stripe key"},
    SecretShape{"rk_test_", Alphabet::kLetters, 16, 255, "a Stripe key"},
    SecretShape{"whsec_", Alphabet::kBase64, 32, 100, "a Stripe webhook secret"},
    SecretShape{"sk-ant-", Alphabet::kWord, 32, 300, "an Anthropic key"},
    SecretShape{"sk-or-v1-", Alphabet::kHex, 64, 64, "an OpenRouter key"},
    SecretShape{"sk-proj-", Alphabet::kWord, 32, 400, "an OpenAI key"},
    SecretShape{"sk-svcacct-", Alphabet::kWord, 32, 400, "an OpenAI key"},
    SecretShape{"sk-admin-", Alphabet::kWord, 32, 400, "an OpenAI key"},
    SecretShape{"sk-", Alphabet::kLetters, 32, 200, "an OpenAI key, or one like it"},
    SecretShape{"gsk_", Alphabet::kLetters, 40, 100, "a Groq key"},
    SecretShape{"xai-", Alphabet::kLetters, 60, 150, "an xAI key"},
    SecretShape{"pplx-", Alphabet::kLetters, 40, 100, "a Perplexity key"},
    SecretShape{"r8_", Alphabet::kLetters, 37, 37, "a Replicate token"},
    SecretShape{"fw_", Alphabet::kLetters, 22, 40, "a Fireworks key"},
    SecretShape{"csk-", Alphabet::kLetters, 40, 60, "a Cerebras key"},
    SecretShape{"nvapi-", Alphabet::kWord, 60, 80, "an NVIDIA key"},
    SecretShape{"AIza", Alphabet::kWord, 35, 35, "a Google key"},
    SecretShape{"ya29.", Alphabet::kWord, 40, 400, "a Google token"},
    SecretShape{"GOCSPX-", Alphabet::kWord, 28, 28, "a Google client secret"},
    SecretShape{"hf_", Alphabet::kLetters, 34, 40, "a Hugging Face token"},
    SecretShape{"api_org_", Alphabet::kLetters, 34, 40, "a Hugging Face token"},
    SecretShape{"npm_", Alphabet::kLetters, 36, 36, "an npm token"},
    SecretShape{"pypi-AgE", Alphabet::kWord, 50, 400, "a PyPI token"},
    SecretShape{"rubygems_", Alphabet::kHex, 48, 48, "a RubyGems key"},
    SecretShape{"dckr_pat_", Alphabet::kWord, 27, 27, "a Docker token"},
    SecretShape{"SG.", Alphabet::kDotted, 66, 66, "a SendGrid key"},
    SecretShape{"SK", Alphabet::kHex, 32, 32, "a Twilio key"},
    SecretShape{"key-", Alphabet::kHex, 32, 32, "a Mailgun key"},
    SecretShape{"dop_v1_", Alphabet::kHex, 64, 64, "a DigitalOcean token"},
    SecretShape{"doo_v1_", Alphabet::kHex, 64, 64, "a DigitalOcean token"},
    SecretShape{"dor_v1_", Alphabet::kHex, 64, 64, "a DigitalOcean token"},
    SecretShape{"AccountKey=", Alphabet::kBase64, 86, 88, "an Azure storage key"},
    SecretShape{"shpat_", Alphabet::kLetters, 32, 32, "a Shopify token"},
    SecretShape{"shpss_", Alphabet::kLetters, 32, 32, "a Shopify token"},
    SecretShape{"dapi", Alphabet::kHex, 32, 32, "a Databricks token"},
    SecretShape{"lin_api_", Alphabet::kLetters, 40, 40, "a Linear key"},
    SecretShape{"ntn_", Alphabet::kLetters, 43, 50, "a Notion token"},
    SecretShape{"ATATT3", Alphabet::kBase64, 100, 300, "an Atlassian token"},
    SecretShape{"ATATT3", Alphabet::kWord, 100, 300, "an Atlassian token"},
    SecretShape{"hvs.", Alphabet::kWord, 24, 300, "a Vault token"},
    SecretShape{"glc_", Alphabet::kBase64, 32, 400, "a Grafana token"},
    SecretShape{"glsa_", Alphabet::kWord, 41, 41, "a Grafana token"},
    SecretShape{"NRAK-", Alphabet::kCapitals, 27, 27, "a New Relic key"},
    SecretShape{"HRKU-AA", Alphabet::kWord, 58, 58, "a Heroku key"},
    SecretShape{"sbp_", Alphabet::kHex, 40, 40, "a Supabase token"},
    SecretShape{"pul-", Alphabet::kHex, 40, 40, "a Pulumi token"},
    SecretShape{"tskey-", Alphabet::kWord, 20, 100, "a Tailscale key"},
    SecretShape{"dp.pt.", Alphabet::kLetters, 40, 44, "a Doppler token"},
    SecretShape{"AGE-SECRET-KEY-1", Alphabet::kCapitals, 58, 58, "a private key of age"}};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || is_capital(c); }

constexpr bool is_in(Alphabet alphabet, char c) {
  const bool is_alnum = is_digit(c) || is_letter(c);
  switch (alphabet) {
    case Alphabet::kHex:
      return is_digit(c) || (c >= 'a' && c <= 'f');
    case Alphabet::kCapitals:
      return is_digit(c) || is_capital(c);
    case Alphabet::kLetters:
      return is_alnum;
    case Alphabet::kWord:
      return is_alnum || c == '_' || c == '-';
    case Alphabet::kDotted:
      return is_alnum || c == '_' || c == '-' || c == '.';
    case Alphabet::kBase64:
      return is_alnum || c == '+' || c == '/' || c == '=';
    case Alphabet::kPath:
      return is_alnum || c == '/';
  }
  return false;
}

/// For each byte a bit for each alphabet that it is in.
constexpr std::array<std::uint8_t, 256> kAlphabets = [] {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    for (unsigned alphabet = 0; alphabet <= static_cast<unsigned>(Alphabet::kPath); ++alphabet) {
      if (is_in(static_cast<Alphabet>(alphabet), static_cast<char>(byte))) {
        table[byte] = static_cast<std::uint8_t>(table[byte] | 1U << alphabet);
      }
    }
  }
  return table;
}();

/// Keys are random: few characters of theirs repeat, and some are digits (in 32 random letters and
/// digits there is none once in 400). Words and placeholders are not.
bool looks_random(std::string_view key) {
  std::bitset<256> different;
  std::size_t digits = 0;
  std::string small;
  for (const char c : key) {
    different.set(static_cast<unsigned char>(c));
    digits += is_digit(c) ? 1U : 0U;
    small += is_capital(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return different.count() >= 8 && (digits > 0 || key.size() <= 24) &&
         small.find("example") == std::string::npos && small.find("xxxxxx") == std::string::npos &&
         small.find("your") == std::string::npos;
}

}  // namespace

std::span<const SecretShape> secret_shapes() { return kShapes; }

std::size_t match_shape(const SecretShape& shape, std::string_view text) {
  if (!text.starts_with(shape.prefix)) return 0;
  const std::string_view rest = text.substr(shape.prefix.size(), shape.most + 1);
  const unsigned bit = 1U << static_cast<unsigned>(shape.alphabet);
  const auto* const end = std::find_if_not(rest.begin(), rest.end(), [bit](char c) {
    return (kAlphabets[static_cast<unsigned char>(c)] & bit) != 0;
  });
  const auto length = static_cast<std::size_t>(end - rest.begin());
  if (length < shape.least || length > shape.most) return 0;
  return looks_random(rest.substr(0, length)) ? shape.prefix.size() + length : 0;
}

}  // namespace chatvim::secret
