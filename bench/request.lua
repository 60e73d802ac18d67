-- SPDX-License-Identifier: Apache-2.0
-- Measures the time from the command to the request: on a kept connection, with TLS, and as the
-- first of a chat or a new file. For comparison: a child curl.
local editors = require("editor")
local measure = require("measure")
local rivals = require("rivals")
local statistics = require("statistics")
local standins = require("helpers.standin")

local M = {}

--- Compares the first answer in a new, just typed file with later answers in the same editor.
local function measure_new_file(standin)
  local first, later = {}, {}
  for _ = 1, 15 do
    local editor = editors.start({ config = measure.config(standin) })
    -- Wait about as long as typing takes before each request: after an idle second, processes
    -- respond more slowly.
    editor:type_chat("What is this?")
    vim.wait(1500)
    vim.list_extend(first, (measure.command_to_request(editor, standin, 1, nil, true)))
    for _ = 1, 2 do
      editor:input("GoAnd this?<Esc>")
      vim.wait(1500)
      vim.list_extend(later, (measure.command_to_request(editor, standin, 1, nil, true)))
    end
    editor:stop()
  end
  measure.report("command to request, first in a new file", measure.show(first))
  measure.report("  later ones in the same file", measure.show(later))
  measure.report(
    "  ratio",
    ("%.2f"):format(statistics.median(first) / statistics.median(later)),
    "1.2"
  )
end

local function by_curl(scheme, server)
  local editor = editors.start({
    plain = true,
    env = server.ca_file and { CURL_CA_BUNDLE = server.ca_file } or nil,
  })
  local times = {}
  for _ = 1, 10 do
    measure.forget(server)
    server:script({ { steps = { { deltas = { count = 3 } }, { finish = "stop" } } } })
    editor:open_chat()
    editor:await(rivals.curl, ("%s://localhost:%d/v1/chat/completions"):format(scheme, server.port))
    local record = measure.record_of(server)
    table.insert(times, (record.body_ns - editor:lua("return _G.started")) / 1e6)
  end
  measure.report(("  rival: a child curl, %s"):format(scheme), measure.show(times))
  editor:stop()
end

---@param standin tests.Standin
function M.run(standin)
  local editor = editors.start({ config = measure.config(standin) })
  measure.command_to_request(editor, standin, 3)
  measure.report(
    "command to request, kept connection",
    measure.show(measure.command_to_request(editor, standin, 30)),
    "2"
  )
  editor:stop()

  local tls = standins.start({ tls = true })
  editor =
    editors.start({ config = measure.config(tls, ('ca_file = "%s"'):format(tls.ca_file or "")) })
  measure.command_to_request(editor, tls, 3)
  measure.report(
    "command to request, TLS, kept connection",
    measure.show(measure.command_to_request(editor, tls, 30)),
    "2"
  )
  editor:stop()

  for _, server in ipairs({ standin, tls }) do
    local first = {}
    for _ = 1, 10 do
      editor = editors.start({
        config = measure.config(
          server,
          server.ca_file and ('ca_file = "%s"'):format(server.ca_file or "") or ""
        ),
      })
      editor:open_chat()
      -- A user takes longer than this to write a question; meanwhile the program starts.
      vim.wait(1500)
      vim.list_extend(first, (measure.command_to_request(editor, server, 1)))
      editor:stop()
    end
    measure.report(
      "command to request, first of an open chat" .. (server.ca_file and ", TLS" or ""),
      measure.show(first),
      server.ca_file and "" or "3"
    )
  end
  measure_new_file(standin)
  by_curl("http", standin)
  by_curl("https", tls)
  tls:stop()
end

return M
