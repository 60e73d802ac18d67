// SPDX-License-Identifier: Apache-2.0
// Tests the channel under the address sanitizer: bytes that are not msgpack, then many messages
// that need a new buffer. Built with its own copy of the sources, so that it works in every build.
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "chatvim/loop/system.hpp"
#include "chatvim/rpc/channel.hpp"

namespace {

using chatvim::Json;

std::string packed(const Json& value) {
  const auto bytes = Json::to_msgpack(value);
  return {bytes.begin(), bytes.end()};
}

/// A multiplexer for descriptors only.
class Polling final : public chatvim::loop::Multiplexer {
 public:
  void wait(std::span<chatvim::loop::Descriptor> descriptors,
            std::chrono::milliseconds timeout) override {
    chatvim::loop::poll_for(descriptors, timeout);
  }
  void perform() override {}
};

/// Sends the bytes through a pipe in pieces of the given size; returns the number of notifications
/// received before the channel closed.
int received(const std::string& bytes, std::size_t piece) {
  int ends[2] = {-1, -1};
  if (::pipe(ends) != 0) return -1;
  Polling polling;
  chatvim::loop::Loop loop(polling);
  int count = 0;
  bool closed = false;
  chatvim::rpc::Channel channel(loop, ends[0], STDOUT_FILENO,
                                {[&](const std::string&) {
                                   closed = true;
                                   loop.quit();
                                 },
                                 [](const std::string&) {}});
  channel.on_notification("note", [&count](const Json&) { ++count; });
  std::size_t sent = 0;
  chatvim::loop::set_nonblocking(ends[1]);
  chatvim::loop::Watcher writer(loop, ends[1], nullptr, [&] {
    std::size_t written = 0;
    if (!closed && sent < bytes.size()) {
      chatvim::loop::write_some(ends[1], std::string_view(bytes).substr(sent, piece), written);
      sent += written;
    }
    if (sent == bytes.size()) {
      ::close(ends[1]);
      writer.want_write(false);
    }
  });
  writer.want_read(false);
  writer.want_write(true);
  loop.run();
  ::close(ends[0]);
  return count;
}

bool expect(bool holds, const char* what) {
  if (!holds) std::fprintf(stderr, "not so: %s\n", what);
  return holds;
}

}  // namespace

int main() {
  chatvim::loop::ignore_broken_pipes();
  std::string many;
  for (int i = 0; i < 20; ++i) many += packed({2, "note", {std::string(9000, 'x')}});
  bool good = true;
  for (const std::size_t piece : {1000UL, 65'536UL}) {
    good = expect(received(many, piece) == 20, "all messages come") && good;
    good =
        expect(received(many + '\xC1' + many, piece) == 20, "nothing after bytes that are wrong") &&
        good;
  }
  std::mt19937 random(1);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int round = 0; round < 200; ++round) {
    std::string garbage;
    for (int i = 0; i < 3000; ++i) garbage += static_cast<char>(byte(random));
    received(garbage + many, 4096);
  }
  return good ? 0 : 1;
}
