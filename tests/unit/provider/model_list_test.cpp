// SPDX-License-Identifier: Apache-2.0
#include "chatvim/provider/model_list.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <string>

namespace chatvim::provider {
namespace {

TEST_CASE("lists of models are read in every shape", "[model_list]") {
  struct Case {
    const char* who;
    std::string body;
    std::string name;
    std::optional<std::int64_t> context;
    std::optional<std::int64_t> max_output;
  };
  const Case cases[] = {
      {"OpenAI", R"({"object":"list","data":[{"id":"m","object":"model"}]})", "m", {}, {}},
      {"Together", R"([{"id":"v/m","context_length":10}])", "v/m", 10, {}},
      {"Anthropic", R"({"data":[{"id":"c","max_input_tokens":7,"max_tokens":3}]})", "c", 7, 3},
      {"vLLM", R"({"data":[{"id":"m","max_model_len":9}]})", "m", 9, {}},
      {"llama.cpp", R"({"data":[{"id":"m","meta":{"n_ctx_train":5}}]})", "m", 5, {}},
      {"Gemini", R"({"data":[{"id":"models/gemini-x"}]})", "gemini-x", {}, {}},
      {"Ollama", R"({"models":[{"name":"l:1b"}]})", "l:1b", {}, {}},
      {"OpenRouter",
       R"({"data":[{"id":"v/m","context_length":8,"top_provider":{"max_completion_tokens":4}}]})",
       "v/m", 8, 4},
      {"odd entries", R"({"data":[null,3,{},{"id":null},"m"]})", "m", {}, {}},
  };
  for (const Case& one : cases) {
    INFO(one.who);
    const auto page = read_model_page(one.body);
    REQUIRE(page);
    REQUIRE(page->models.size() == 1);
    CHECK(page->models[0].name == one.name);
    CHECK(page->models[0].context == one.context);
    CHECK(page->models[0].max_output == one.max_output);
    CHECK(page->after.empty());
  }
}

TEST_CASE("prices per token become prices per million", "[model_list]") {
  const auto page = read_model_page(
      R"({"data":[{"id":"a","pricing":{"prompt":"0.000002","completion":"0.00001"}},)"
      R"({"id":"b","pricing":{"prompt":"-1","completion":"x"}}]})");
  REQUIRE(page);
  REQUIRE(page->models.size() == 2);
  REQUIRE(page->models[0].price);
  CHECK(page->models[0].price->input == Catch::Approx(2));
  CHECK(page->models[0].price->output == Catch::Approx(10));
  CHECK_FALSE(page->models[1].price);
}

TEST_CASE("a page says where the next one starts", "[model_list]") {
  CHECK(read_model_page(R"({"data":[],"has_more":true,"last_id":"x"})")->after == "x");
  CHECK(read_model_page(R"({"data":[],"has_more":false,"last_id":"x"})")->after.empty());
}

TEST_CASE("what is no list of models is an error", "[model_list]") {
  for (const char* body : {"", "{}", "[", "<html>", R"({"data":3})", "null"}) {
    INFO(body);
    CHECK_FALSE(read_model_page(body));
  }
}

}  // namespace
}  // namespace chatvim::provider
