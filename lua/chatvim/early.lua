-- SPDX-License-Identifier: Apache-2.0
-- Gets ready for a first answer while its question is being typed: starts the program and loads the
-- modules that an answer needs. Nothing happens before something is done in a markdown buffer.
local M = {}

local api = vim.api

--- Milliseconds between two modules, so that each key typed meanwhile waits for one at most.
local PAUSE = 10

--- What an answer uses, each after the modules that it needs itself.
local MODULES = vim.split(
  "attach notify printable numbers align lost_place place buffer screen consent events rows "
    .. "lines outline highlight format below usage status ui unsaved answer chat commands "
    .. "first_answer origin query recover disk "
    .. "window recent diagnostics embed_text file_watch size embeds image_link embed_line "
    .. "target folder complete_path",
  " "
)

---@type table<integer, true> buffers whose first change is waited for
local watched = {}
local loading = false

--- Waits for the first insert or change in a markdown buffer.
---@param buf integer
function M.watch(buf)
  if watched[buf] then
    return
  end
  watched[buf] = true
  local function done()
    if watched[buf] then
      watched[buf] = nil
      vim.schedule(function()
        M.start(buf)
      end)
    end
    return true
  end
  api.nvim_create_autocmd("InsertEnter", {
    group = api.nvim_create_augroup("chatvim.early", { clear = false }),
    buffer = buf,
    once = true,
    desc = "Chatvim: start the program for a file that may become a chat",
    callback = done,
  })
  -- Returning true detaches.
  api.nvim_buf_attach(buf, false, {
    on_lines = done,
    on_reload = function() end,
    on_detach = function()
      watched[buf] = nil
    end,
  })
end

--- Starts the program, which connects to nobody yet, and loads the modules.
---@param buf integer
function M.start(buf)
  if not api.nvim_buf_is_loaded(buf) then
    return
  end
  local process = require("chatvim.process")
  local settings = require("chatvim.config").get().settings
  process.warm({ settings = process.dictionary(settings) })
  if process.info() then
    M.load(buf)
  end
end

--- Loads what an answer needs, a module at a time.
---@param buf integer
function M.load(buf)
  if loading then
    return
  end
  loading = true
  local function load(index)
    if MODULES[index] then
      require("chatvim." .. MODULES[index])
      vim.defer_fn(function()
        load(index + 1)
      end, PAUSE)
    elseif api.nvim_buf_is_loaded(buf) then
      M._ask(buf)
      M._follow_embeds(buf)
    end
  end
  load(1)
end

--- Shows what embeds hold and completes their paths, from the first `![` on, in a markdown buffer
--- that is no chat yet.
---@param buf integer
function M._follow_embeds(buf)
  if vim.bo[buf].filetype ~= "markdown" or require("chatvim.attach").is_shown(buf) then
    return
  end
  local outline = require("chatvim.outline")
  local attached = false
  local function attach()
    if not attached and api.nvim_buf_is_loaded(buf) and #outline.embeds(buf) > 0 then
      attached = true
      require("chatvim.embeds").attach(buf)
      require("chatvim.complete_path").enable(buf)
    end
  end
  outline.watch(buf, function(_, _, _, _, embeds)
    if embeds and not attached then
      vim.schedule(attach)
    end
  end)
  attach()
end

--- Asks once what an answer asks about its buffer before anything is sent: what runs for the first
--- time takes twice as long.
---@param buf integer
function M._ask(buf)
  require("chatvim.chat").refusal(buf)
  require("chatvim.recover").path(buf)
  require("chatvim.origin").whole(buf, require("chatvim.consent").none())
end

return M
