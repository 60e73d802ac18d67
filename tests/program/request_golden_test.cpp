// SPDX-License-Identifier: Apache-2.0
// Each file in tests/data/requests is the complete dry run of one request. If the variable
// CHATVIM_REWRITE_REQUESTS is set, this test rewrites the files: review every changed line before
// committing.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "home.hpp"

namespace chatvim::testing {

namespace {

struct Golden {
  const char* name;
  const char* model;
  const char* more = "";    // front matter
  bool has_schema = false;  // the file answer.json, on the command line
};

const std::vector<Golden> kGoldens = {
    {"openai", "openai/gpt-6-sol"},
    {"openai-responses", "openai/o1-pro", "verbosity = \"low\"\nreasoning = \"keep\"\n"},
    {"anthropic", "anthropic/claude-opus-5-5"},
    {"anthropic-reasoning", "anthropic/claude-opus-5-5", "reasoning = \"keep\"\n"},
    {"openai-schema", "openai/gpt-6-sol", "", true},
    {"openai-responses-schema", "openai/o1-pro", "", true},
    {"anthropic-schema", "anthropic/claude-opus-5-5", "", true},
    {"xai", "xai/grok-4.7"},
    {"gemini", "gemini/gemini-3.8-flash"},
    {"deepseek", "deepseek/deepseek-flash"},
    {"mistral", "mistral/mistral-large-4"},
    {"groq", "groq/openai/gpt-oss-120b"},
    {"openrouter", "openrouter/vendor/model:free"},
    {"together", "together/vendor/Model"},
    {"fireworks", "accounts/fireworks/models/x"},
    {"cerebras", "cerebras/gpt-oss-120b"},
    {"moonshot", "moonshot/kimi-k3"},
    {"zai", "zai/glm-5.3"},
    {"meta", "meta/muse-spark-1.3"},
    {"minimax", "minimax/MiniMax-M3"},
    {"nvidia", "nvidia/vendor/model"},
    {"huggingface", "huggingface/org/model"},
    {"vercel", "vercel/vendor/model"},
    {"azure", "azure/my-deployment"},
    {"ollama", "ollama/name:tag"},
    {"llamacpp", "llamacpp/any"},
    {"lmstudio", "lmstudio/any"},
    {"vllm", "vllm/org/model"},
};

constexpr const char* kParameters =
    "temperature = 0.5\nmax_tokens = 2000\nstop = [\"END\"]\nseed = 7\n"
    "reasoning_effort = \"low\"\n";

constexpr const char* kMessages =
    "# === SYSTEM ===\n\nBe brief.\n\n# === USER ===\n\nWhat is \"\xC3\xA9\"?\n\n"
    "# === ASSISTANT ===\n\nA letter.\n\n# === SYSTEM ===\n\nBe kind.\n\n"
    "# === USER ===\n\nAnd \xF0\x9F\x99\x82?\n";

std::string document_of(const Golden& golden) {
  return std::string("+++\nmodel = \"") + golden.model + "\"\n" + golden.more + kParameters +
         "+++\n" + kMessages;
}

void check(const Golden& golden, const std::string& document) {
  INFO(golden.name);
  Home home;
  home.set("AZURE_OPENAI_ENDPOINT", "https://my-resource.openai.azure.com");
  home.file("answer.json",
            R"({"type":"object","properties":{"word":{"type":"string"},"also":{"enum":["a"]}},)"
            R"("required":["word","also"],"additionalProperties":false})");
  std::vector<std::string> arguments{"request"};
  if (golden.has_schema) arguments.insert(arguments.end(), {"--schema", "answer.json"});
  const Run run = home.run(arguments, document);
  INFO(run.err);
  REQUIRE(run.code == 0);
  const std::string path = std::string(CHATVIM_TEST_DATA "/requests/") + golden.name + ".json";
  if (std::getenv("CHATVIM_REWRITE_REQUESTS") != nullptr) {
    std::ofstream(path, std::ios::binary) << run.out;
  }
  std::ifstream file(path, std::ios::binary);
  CHECK(run.out == std::string(std::istreambuf_iterator<char>(file), {}));
}

}  // namespace

TEST_CASE("each provider's request is unchanged, byte for byte", "[request]") {
  for (const Golden& golden : kGoldens) check(golden, document_of(golden));
}

TEST_CASE("a request without settings has only what its wire format needs", "[request]") {
  for (const Golden& golden :
       {Golden{"openai-bare", "openai/gpt-6-sol"}, Golden{"meta-bare", "meta/muse-spark-1.3"},
        Golden{"anthropic-bare", "anthropic/claude-opus-5-5"}}) {
    check(golden, std::string("+++\nmodel = \"") + golden.model + "\"\n+++\nHi\n");
  }
}

}  // namespace chatvim::testing
