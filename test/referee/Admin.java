import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Kafka's own AdminClient, by lines on standard input: sets positions, deletes records, prints positions and ends. */
public class Admin {
  public static void main(String[] arguments) throws Exception {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", arguments[0]);
    try (AdminClient admin = AdminClient.create(properties);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in))) {
      System.out.println("ready");
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        String[] words = line.split(" ");
        try {
          switch (words[0]) {
            case "commit" -> admin
                .alterConsumerGroupOffsets(
                    words[1],
                    Map.of(new TopicPartition(words[2], Integer.parseInt(words[3])), new OffsetAndMetadata(Long.parseLong(words[4]))))
                .all()
                .get();
            case "delete" -> admin
                .deleteRecords(
                    Map.of(new TopicPartition(words[1], Integer.parseInt(words[2])), RecordsToDelete.beforeOffset(Long.parseLong(words[3]))))
                .all()
                .get();
            case "numbers" -> System.out.println(numbers(admin, List.of(words).subList(1, words.length)));
            default -> throw new IllegalArgumentException(line);
          }
        } catch (Exception error) {
          System.out.println("error " + line + ": " + error.getMessage());
        }
      }
    }
  }

  /** `<group> <topic>/<partition> <position> <end>;` for each position of the groups. */
  private static String numbers(AdminClient admin, List<String> groups) throws Exception {
    Map<String, ListConsumerGroupOffsetsSpec> asked =
        groups.stream().collect(Collectors.toMap(group -> group, group -> new ListConsumerGroupOffsetsSpec()));
    Map<String, Map<TopicPartition, OffsetAndMetadata>> positions = admin.listConsumerGroupOffsets(asked).all().get();
    Map<TopicPartition, OffsetSpec> places = new HashMap<>();
    positions.values().forEach(of -> of.keySet().forEach(place -> places.put(place, OffsetSpec.latest())));
    var ends = admin.listOffsets(places).all().get();
    StringBuilder line = new StringBuilder("numbers ");
    positions.forEach(
        (group, of) ->
            of.forEach(
                (place, position) -> {
                  if (position != null)
                    line.append(group).append(' ').append(place.topic()).append('/').append(place.partition())
                        .append(' ').append(position.offset()).append(' ').append(ends.get(place).offset()).append(';');
                }));
    return line.toString();
  }
}
